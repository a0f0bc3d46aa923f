import type { Generated } from 'kysely'

export interface AccountRow {
  id: string
  name: string
  secret_hash: string
  scopes: string
  status: string
  created_at: string
  /** `required`: it speaks with its client certificate only. Otherwise empty. */
  certificate: Generated<string>
}

/** A public key with which an account signs who it is. */
export interface ClientKeyRow {
  account: string
  kid: string
  jwk: string
  created_at: string
}

/** An assertion that was used: it may not be used again before its end, and is refused for its age after it. */
export interface ClientAssertionRow {
  account: string
  jti: string
  expires_at: string
}

export interface MandateRow {
  id: string
  account: string
  buyer: string
  not_before: string
  not_after: string
  idx: number
}

export interface SubscriptionRow {
  id: string
  account: string
  url: string
  kinds: string
  /** JSON list of SIRET; empty: every buyer. */
  buyers: string
  secret: string
  status: string
  position: number
  failures: number
  next_attempt_at: string
  last_error: string
  created_at: string
}
