/** JSON Pointer (RFC 6901) of a path of keys and indexes. */
export function pointerOf(path: readonly (string | number)[]): string {
  return path.map((step) => `/${escapeStep(String(step))}`).join('')
}

/** One key as it stands in a JSON Pointer. */
export function escapeStep(step: string): string {
  return step.replaceAll('~', '~0').replaceAll('/', '~1')
}
