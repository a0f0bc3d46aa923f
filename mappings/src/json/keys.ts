const longest = 48
const places = 512

/**
 * Remembers the keys met last, whole documents having the same few dozen: looking a key up costs less than making a new
 * string that the engine must then hash and compare. A forgotten key only costs time, so every reading may share it.
 */
const remembered: (string | undefined)[] = Array.from({ length: places })

/** The text between two places, to be used as a key. `hash` is any number that depends on its characters. */
export function keyBetween(text: string, start: number, end: number, hash: number): string {
  const length = end - start
  if (length > longest) return text.slice(start, end)
  const place = (hash ^ length) & (places - 1)
  const known = remembered[place]
  if (known !== undefined && known.length === length && text.startsWith(known, start)) return known
  // A property name is stored on its own: a plain slice would keep the whole document in memory.
  const key = Object.keys({ [text.slice(start, end)]: true })[0] ?? ''
  remembered[place] = key
  return key
}
