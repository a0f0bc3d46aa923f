/** Line and column, both from 1, of a byte of a UTF-8 text; a column is a character, however many bytes it takes. */
export function positionIn(bytes: Buffer, offset: number): { readonly line: string; readonly column: string } {
  const lineStart = bytes.subarray(0, offset).lastIndexOf(0x0a) + 1
  let line = 1
  for (let at = bytes.indexOf(0x0a); at !== -1 && at < lineStart; at = bytes.indexOf(0x0a, at + 1)) line++
  const before = bytes.toString('utf8', lineStart, offset)
  return { line: String(line), column: String(Array.from(before).length + 1) }
}
