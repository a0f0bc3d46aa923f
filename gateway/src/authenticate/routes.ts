import type { FastifyInstance } from 'fastify'
import { isScope } from '../directory/scopes.ts'
import { HubError } from '../errors.ts'
import type { Hub } from '../hub.ts'
import { describe } from '../http/openapi.ts'

/** OAuth 2.0 client credentials (RFC 6749 section 4.4): id and secret in the form or in Authorization: Basic. */
export function tokenRoutes(app: FastifyInstance, hub: Hub): void {
  app.post('/oauth/token', { bodyLimit: 8_192, schema: describe('token') }, async (request, reply) => {
    const form = new URLSearchParams(
      request.body instanceof Uint8Array ? Buffer.from(request.body).toString('utf8') : '',
    )
    if (form.get('grant_type') !== 'client_credentials') throw new HubError('GRANT_UNSUPPORTED')
    const basic = basicCredentials(request.headers.authorization)
    const id = basic?.id ?? form.get('client_id') ?? ''
    const secret = basic?.secret ?? form.get('client_secret') ?? ''
    const account = await hub.accounts.withSecret(id, secret)
    if (!account) throw new HubError('CLIENT_INVALID')
    const wished = (form.get('scope') ?? '').split(' ').filter((word) => word !== '')
    const refused = wished.find((word) => !isScope(word) || !account.scopes.includes(word))
    if (refused !== undefined) throw new HubError('SCOPE_MISSING', { value: refused })
    const scopes = wished.length === 0 ? account.scopes : wished.filter(isScope)
    const { token, expiresIn } = await hub.tokens.issue(account.id, scopes)
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

function basicCredentials(header: string | undefined): { readonly id: string; readonly secret: string } | undefined {
  const encoded = /^Basic ([A-Za-z0-9+/=]{1,1024})$/.exec(header ?? '')?.[1]
  if (encoded === undefined) return undefined
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (colon < 0) return undefined
  return { id: text.slice(0, colon), secret: text.slice(colon + 1) }
}
