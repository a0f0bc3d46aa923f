import type { Kind } from '@socle/schemas'

/** What a technical account may do, as written in its token. A mandate says for whom; a scope says what. */
export const scopes = [
  'notices:write',
  'awards:write',
  'dume-requests:write',
  'dume-responses:write',
  'documents:read',
  'feed:read',
  'subscriptions:write',
  'outcomes:write',
] as const

export type Scope = (typeof scopes)[number]

export function isScope(text: string): text is Scope {
  return scopes.some((scope) => scope === text)
}

export function writeScopeOf(kind: Kind): Scope {
  return `${kind}s:write`
}
