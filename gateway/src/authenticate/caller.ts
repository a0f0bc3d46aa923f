import { type Finding, isConfidential, type Kind } from '@socle/schemas'
import type { Accounts } from '../directory/accounts.ts'
import type { Scope } from '../directory/scopes.ts'
import { HubError } from '../errors.ts'
import type { AccountId } from '../ids.ts'
import type { ClientCertificates, Presented } from './client-certificate.ts'
import type { Tokens } from './tokens.ts'

/** Who speaks, with the rights that hold at this instant. */
export interface Caller {
  readonly account: AccountId
  readonly name: string
  readonly scopes: readonly Scope[]
  /** Buyers (SIRET) whose mandate to the account runs now. */
  readonly buyers: ReadonlySet<string>
}

export interface Needs {
  readonly tokens: Tokens
  readonly accounts: Accounts
  readonly certificates: ClientCertificates
}

/**
 * Token, certificate, account and mandates, all at each request: a disabled account or an ended mandate stops within a
 * second, and a token that is bound to a certificate is good with that one only.
 * @throws HubError TOKEN_MISSING, TOKEN_INVALID, CERTIFICATE_MISMATCH, HEADER_INVALID
 */
export async function authenticate({ tokens, accounts, certificates }: Needs, request: Presented): Promise<Caller> {
  const claims = await tokens.verify(bearerOf(request))
  const certificate = certificates.thumbprintOf(request)
  const account = await accounts.find(claims.account)
  if (!account) throw new HubError('TOKEN_INVALID')
  const mustBeBound = account.needsCertificate || claims.certificate !== undefined
  if (mustBeBound && (claims.certificate === undefined || claims.certificate !== certificate))
    throw new HubError('CERTIFICATE_MISMATCH')
  return {
    account: account.id,
    name: account.name,
    // A scope withdrawn from the account is withdrawn from tokens already out.
    scopes: claims.scopes.filter((scope) => account.scopes.includes(scope)),
    buyers: await accounts.buyersOf(account.id),
  }
}

/** Two tokens are none: a proxy in front may have looked at the other one. */
function bearerOf({ raw }: Presented): string {
  const [header = '', second] = raw.headersDistinct['authorization'] ?? []
  const token = /^Bearer ([\w.~+/=-]{20,4096})$/i.exec(header)?.[1]
  if (token === undefined || second !== undefined) throw new HubError('TOKEN_MISSING')
  return token
}

/** @throws HubError SCOPE_MISSING */
export function requireScope(caller: Caller, scope: Scope): void {
  if (!caller.scopes.includes(scope)) throw new HubError('SCOPE_MISSING', { value: scope })
}

/**
 * A document that was refused may name no buyer: its sender must then act for somebody, at least.
 * @throws HubError MANDATE_MISSING
 */
export function requireMandate(caller: Caller, buyer: string, findings: readonly Finding[] = []): void {
  // A doubtful SIRET is a finding; without it the sender would look for a mandate that is not what is missing.
  const mandated = buyer === '' ? caller.buyers.size > 0 : caller.buyers.has(buyer)
  if (!mandated) throw new HubError('MANDATE_MISSING', { value: buyer, findings })
}

/** Notices and awards are made to be published; e-DUME responses are for their buyer alone, whoever deposited them. */
export function mayReadContent(caller: Caller, document: { readonly kind: Kind; readonly buyer: string }): boolean {
  return !isConfidential(document.kind) || caller.buyers.has(document.buyer)
}

/** The receipt and the way of a document: for its sender, its buyer, and whoever may read it. */
export function mayReadTrace(
  caller: Caller,
  document: { readonly kind: Kind; readonly buyer: string; readonly account: string },
): boolean {
  return document.account === caller.account || mayReadContent(caller, document)
}
