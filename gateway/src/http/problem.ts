import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Problem } from '@socle/schemas'
import type { Config } from '../config.ts'
import { HubError } from '../errors.ts'
import type { Events } from '../events.ts'

/** RFC 9457 body of an error: both languages in each text, so that whoever reads the log understands. */
export function problemOf(
  error: HubError,
  environment: Config['environment'],
  instance: string,
): Problem & { readonly findings?: number } {
  const { status, title, hint } = error.entry
  const { value, findings, receipt } = error.details
  const fill = (text: string): string => text.replace('{value}', value ?? '')
  return {
    type: `urn:socle:problem:${error.code}`,
    title: `${title.fr} / ${title.en}`,
    status,
    code: error.code,
    hint: `${fill(hint.fr)} / ${fill(hint.en)}`,
    instance,
    environment,
    ...(findings && findings.length > 0 ? { errors: [...findings] } : {}),
    ...(receipt === undefined ? {} : { receipt: receipt as NonNullable<Problem['receipt']> }),
  }
}

/** One place where an error becomes an answer. What is not a HubError is a bug: 500, logged with its stack, never shown. */
export function installProblems(app: FastifyInstance, config: Config, events: Events): void {
  app.setErrorHandler(async (error: FastifyError | HubError, request, reply) => {
    if (error instanceof HubError) return await answer(error, config, request, reply)
    const known = translate(error, request.routeOptions.bodyLimit ?? config.maxBodyBytes)
    if (!known || isFull(error)) events.failed('request', error)
    return await answer(known ?? new HubError('INTERNAL', {}, error), config, request, reply)
  })
  app.setNotFoundHandler(
    async (request, reply) => await answer(new HubError('ROUTE_NOT_FOUND'), config, request, reply),
  )
}

/** What the framework refuses before any route or hook is reached: an address that cannot be read. */
export function addressProblem(
  config: Config,
): (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => void {
  return (error, request, reply) => {
    void answer(new HubError('REQUEST_INVALID', { value: error.message }, error), config, request, reply)
  }
}

async function answer(
  error: HubError,
  config: Config,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const wait = error.details.retryAfterSeconds
  if (wait !== undefined) reply.header('retry-after', String(wait))
  if (error.entry.status === 401) reply.header('www-authenticate', 'Bearer')
  return await reply
    .code(error.entry.status)
    .type('application/problem+json')
    .send(JSON.stringify(problemOf(error, config.environment, request.id)))
}

/** No descriptor is left for a file, a thread or a connection: the process is full, and not wrong. Operators are told. */
function isFull({ code }: FastifyError): boolean {
  return code === 'EMFILE' || code === 'ENFILE' || code === 'ERR_WORKER_INIT_FAILED'
}

function translate(error: FastifyError, bodyLimit: number): HubError | undefined {
  if (isFull(error)) return new HubError('OVERLOADED', { retryAfterSeconds: 2 }, error)
  if (error.statusCode === 413) return new HubError('BODY_TOO_LARGE', { value: String(bodyLimit) }, error)
  if (error.statusCode !== undefined && error.statusCode < 500)
    return new HubError('REQUEST_INVALID', { value: error.message }, error)
  return undefined
}
