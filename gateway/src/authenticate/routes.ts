import type { FastifyInstance } from 'fastify'
import type { Account } from '../directory/accounts.ts'
import { isScope } from '../directory/scopes.ts'
import { HubError } from '../errors.ts'
import type { Hub } from '../hub.ts'
import { describe } from '../http/openapi.ts'
import { accountOfAssertion, assertionType } from './client-assertion.ts'

/**
 * OAuth 2.0 client credentials (RFC 6749 section 4.4): id and secret in the form or in Authorization: Basic, or an
 * assertion signed with a registered key (RFC 7523). With a client certificate the token is bound to it (RFC 8705).
 */
export function tokenRoutes(app: FastifyInstance, hub: Hub): void {
  app.post('/oauth/token', { bodyLimit: 8_192, schema: describe('token') }, async (request, reply) => {
    const form = formOf(request.body)
    if (form.get('grant_type') !== 'client_credentials') throw new HubError('GRANT_UNSUPPORTED')
    const certificate = hub.certificates.thumbprintOf(request)
    const account = await clientOf(hub, form, request.headers.authorization)
    if (!account) throw new HubError('CLIENT_INVALID')
    if (account.needsCertificate && certificate === undefined) throw new HubError('CERTIFICATE_REQUIRED')
    const wished = (form.get('scope') ?? '').split(' ').filter((word) => word !== '')
    const refused = wished.find((word) => !isScope(word) || !account.scopes.includes(word))
    if (refused !== undefined) throw new HubError('SCOPE_MISSING', { value: refused })
    const scopes = wished.length === 0 ? account.scopes : wished.filter(isScope)
    const { token, expiresIn } = await hub.tokens.issue(account.id, scopes, certificate)
    reply.header('cache-control', 'no-store')
    return {
      access_token: token,
      token_type: 'Bearer',
      expires_in: expiresIn,
      scope: scopes.join(' '),
      environment: hub.config.environment,
    }
  })
}

/** A field that comes twice is read one way here and another way elsewhere. @throws HubError REQUEST_INVALID */
function formOf(body: unknown): URLSearchParams {
  const form = new URLSearchParams(body instanceof Uint8Array ? Buffer.from(body).toString('utf8') : '')
  const names = [...form.keys()]
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) throw new HubError('REQUEST_INVALID', { value: twice.slice(0, 60) })
  return form
}

/** One way to say who one is, not two (RFC 6749 section 2.3). @throws HubError REQUEST_INVALID */
async function clientOf(
  hub: Hub,
  form: URLSearchParams,
  authorization: string | undefined,
): Promise<Account | undefined> {
  const assertion = form.get('client_assertion')
  if (assertion !== null) {
    if (authorization !== undefined || form.has('client_secret'))
      throw new HubError('REQUEST_INVALID', { value: 'client_assertion, client_secret' })
    if (form.get('client_assertion_type') !== assertionType)
      throw new HubError('REQUEST_INVALID', { value: `client_assertion_type: ${assertionType}` })
    return await accountOfAssertion(hub, assertion, form.get('client_id'))
  }
  const basic = basicCredentials(authorization)
  const id = basic?.id ?? form.get('client_id') ?? ''
  return await hub.accounts.withSecret(id, basic?.secret ?? form.get('client_secret') ?? '')
}

function basicCredentials(header: string | undefined): { readonly id: string; readonly secret: string } | undefined {
  const encoded = /^Basic ([A-Za-z0-9+/=]{1,1024})$/.exec(header ?? '')?.[1]
  if (encoded === undefined) return undefined
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (colon < 0) return undefined
  return { id: text.slice(0, colon), secret: text.slice(colon + 1) }
}
