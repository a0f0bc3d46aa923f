/** Words for any thrown value, for a log. */
export function reasonFor(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown failure'
}
