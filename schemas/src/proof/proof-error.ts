/** Why a proof was refused, in words an auditor can act on. Everything that parses in this folder throws this and nothing else. */
export class ProofError extends Error {
  override readonly name: string = 'ProofError'
}

/** Words for any thrown value: hostile input can make a library throw something that is not an Error. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unreadable data'
}
