import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import { type Kind, schemas } from '@socle/schemas'
import type { Config } from '../config.ts'
import { type RouteName, routes } from './api-routes.ts'

type Json = Readonly<Record<string, unknown>>

/** The API's document, made from the contract's own schemas: what is described is what is validated. */
export function openApi(config: Config): FastifyDynamicSwaggerOptions {
  return {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Socle',
        version: '1.0.0',
        description: "Hub d'interopérabilité entre profils d'acheteur / Interoperability hub between buyer profiles",
        license: { name: 'EUPL-1.2', identifier: 'EUPL-1.2' },
      },
      servers: [{ url: config.publicUrl, description: config.environment }],
      components: {
        securitySchemes: {
          token: { type: 'oauth2', flows: { clientCredentials: { tokenUrl: '/oauth/token', scopes: {} } } },
        },
        schemas: Object.fromEntries(Object.entries(schemas).flatMap(([name, schema]) => components(name, schema))),
      },
    },
    refResolver: {
      buildLocalReference: (json, _baseUri, _fragment, i) =>
        typeof json['$id'] === 'string' ? json['$id'] : `def-${i}`,
    },
  }
}

/** `v1/common/siret` -> `siret`. */
function componentName(name: string): string {
  return name.split('/').pop() ?? name
}

/** A schema and its own definitions, each a component of the document: a reference inside a file has nothing else to start from. */
function components(name: string, { $id: _id, $schema: _schema, $defs = {}, ...rest }: Json): [string, Json][] {
  const own = componentName(name)
  const definitions = Object.entries($defs as Readonly<Record<string, Json>>)
  return [
    [own, rewritten(rest, own) as Json],
    ...definitions.map(([key, schema]): [string, Json] => [`${own}-${key}`, rewritten(schema, own) as Json]),
  ]
}

/** References between files, and to the definitions of a file, become references inside the document. */
function rewritten(value: unknown, own: string): unknown {
  if (Array.isArray(value)) return value.map((item) => rewritten(item, own))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === '$ref' && typeof inner === 'string' ? referenceOf(inner, own) : rewritten(inner, own),
    ]),
  )
}

function referenceOf(reference: string, own: string): string {
  const [file = '', definition] = reference.split('#/$defs/')
  const name = file === '' ? own : componentName(file.replace('.schema.json', ''))
  return `#/components/schemas/${name}${definition === undefined ? '' : `-${definition}`}`
}

/** Fastify route schema of a named route. It describes only: see app.ts. */
export function describe(name: RouteName, kind?: Kind): Json {
  const route = routes[name]
  const answers = Object.entries(route.answers).map(([status, what]) => [
    status,
    what in schemas
      ? { description: componentName(what), ...schemaAnswer(status, what) }
      : { description: what, type: 'object', additionalProperties: true },
  ])
  return {
    tags: [route.tag],
    summary: kind ? `${route.summary} (${kind})` : route.summary,
    ...(route.open ? {} : { security: [{ token: [] }] }),
    ...(route.query ? { querystring: route.query } : {}),
    ...(route.headers ? { headers: route.headers } : {}),
    response: { ...Object.fromEntries(answers), default: anyProblem },
  }
}

/** Whatever else goes wrong is told in the same form. */
const anyProblem: Json = { description: 'problem', ...schemaAnswer('default', 'v1/problem') }

function schemaAnswer(status: string, name: string): Json {
  const type = status === 'default' || Number(status) >= 400 ? 'application/problem+json' : 'application/json'
  return { content: { [type]: { schema: { $ref: `#/components/schemas/${componentName(name)}` } } } }
}
