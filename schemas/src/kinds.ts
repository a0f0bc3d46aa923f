/** What the hub carries. Written in the plural in routes and topics, in the singular everywhere else. */
export type Kind = 'notice' | 'dume-request' | 'dume-response' | 'award'

export const kinds: readonly Kind[] = ['notice', 'dume-request', 'dume-response', 'award']

/**
 * Kinds that only their buyer may read (public procurement law protects tenders and the declarations
 * inside them: CCP art. L2132-1). Everything else is meant to be published.
 */
export function isConfidential(kind: Kind): boolean {
  return kind === 'dume-response'
}
