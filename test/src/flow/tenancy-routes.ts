import type { TestHub } from '../support/hub.ts'
import { ask } from './party.ts'

/** What a caller may see on a route: nothing that is not its own, or what everybody may. */
export type Class = 'reads-one' | 'reads-own' | 'writes-on-one' | 'deposits' | 'public' | 'manages-own'

/** Every route of the API document, by what separates its callers. A new route fails the suite until it is placed here. */
export const classes: Readonly<Record<string, Class>> = {
  'post /oauth/token': 'public',
  'post /v1/notices': 'deposits',
  'post /v1/dume-requests': 'deposits',
  'post /v1/dume-responses': 'deposits',
  'post /v1/awards': 'deposits',
  'post /v1/awards/bulk': 'deposits',
  'get /v1/documents/{id}': 'reads-one',
  'get /v1/documents/{id}/content': 'reads-one',
  'get /v1/documents/{id}/canonical': 'reads-one',
  'get /v1/documents/{id}/receipt': 'reads-one',
  'get /v1/documents/{id}/evidence': 'reads-one',
  'get /v1/documents/{id}/timeline': 'reads-one',
  'get /v1/consultations/{id}': 'reads-one',
  'get /v1/consultations/{id}/timeline': 'reads-one',
  'get /v1/consultations/{id}/evidence': 'reads-one',
  'post /v1/documents/{id}/outcomes': 'writes-on-one',
  'get /v1/feed': 'reads-own',
  'post /v1/subscriptions': 'manages-own',
  'get /v1/subscriptions': 'manages-own',
  'post /v1/subscriptions/{id}/resume': 'manages-own',
  'delete /v1/subscriptions/{id}': 'manages-own',
  'get /log/checkpoint': 'public',
  'get /log/tile/{*}': 'public',
  'get /log/{shard}/checkpoint': 'public',
  'get /log/{shard}/tile/{*}': 'public',
  'get /log/log.vkey': 'public',
  'get /log/seal-ca.pem': 'public',
  'get /log/keys.note': 'public',
  'get /log/tsa-ca.pem': 'public',
  'get /v1/rules': 'public',
  'get /v1/rules/{id}': 'public',
  'get /asyncapi.json': 'public',
  'get /health/live': 'public',
  'get /health/ready': 'public',
}

/** As `method path`, from the hub's own API document. */
export async function documentedRoutes(hub: Pick<TestHub, 'url'>): Promise<readonly string[]> {
  const { paths } = (await ask(hub, '/openapi.json')).json<{ paths: Record<string, Record<string, unknown>> }>()
  return Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`))
}
