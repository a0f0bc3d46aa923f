import swagger from '@fastify/swagger'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import { tokenRoutes } from './authenticate/routes.ts'
import { deliveryRoutes } from './deliver/routes.ts'
import { HubError } from './errors.ts'
import type { Hub } from './hub.ts'
import { limitBodyTime } from './http/body-time.ts'
import { openApi } from './http/openapi.ts'
import { addressProblem, installProblems } from './http/problem.ts'
import { verifyRoute } from './page/verify-route.ts'
import { createAdmission } from './receive/admission.ts'
import { bulkLimits } from './receive/bulk-limits.ts'
import { bulkPath, bulkRoutes } from './receive/bulk-routes.ts'
import { depositRoutes } from './receive/routes.ts'
import { ruleRoutes } from './rules/routes.ts'
import { documentRoutes } from './trace/document-routes.ts'
import { logRoutes } from './trace/log-routes.ts'
import { serviceRoutes } from './trace/service-routes.ts'

/** In which a sender must have sent the whole of a request. */
const bodyMs = 60_000

/**
 * The HTTP face of the hub. Bodies arrive as the bytes that were sent: nothing parses, converts or trims them before
 * they are hashed. Schemas on routes describe (OpenAPI); they never coerce a request or cut an answer.
 */
export async function buildApp(hub: Hub, log: FastifyBaseLogger): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: hub.config.maxBodyBytes,
    // The server has one bound for all, so it is that of the slowest route; the others have theirs below.
    requestTimeout: bulkLimits.totalMs,
    keepAliveTimeout: 72_000,
    genReqId: requestIds(hub.newId()),
    // The hook below refuses newcomers with a problem that says what to do; the framework's own refusal does not.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    frameworkErrors: addressProblem(hub.config),
    // The id of a consultation may have 200 characters, three times that when each is percent-encoded.
    routerOptions: { maxParamLength: 1_000 },
  })
  app.setValidatorCompiler(() => () => true)
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  installProblems(app, hub.config, hub.events)
  app.addHook('onSend', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff')
    // What a token opened must stay in no cache; what may be kept says so itself.
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
    // A connection kept alive after this answer would hold the stop back until it times out.
    if (hub.stopping.aborted) reply.header('connection', 'close')
  })
  app.addHook('onResponse', async (request, reply) => {
    hub.events.requestSeconds.observe(
      { route: request.routeOptions.url ?? 'none', status: String(reply.statusCode) },
      reply.elapsedTime / 1_000,
    )
  })
  app.addHook('onRequest', async () => {
    if (hub.stopping.aborted) throw new HubError('STOPPING', { retryAfterSeconds: 5 })
  })
  limitBodyTime(app, bodyMs, [bulkPath])
  await app.register(swagger, openApi(hub.config))
  const admission = createAdmission(hub)
  app.addHook('onClose', async () => admission.close())
  await app.register(async (routes) => {
    tokenRoutes(routes, hub)
    depositRoutes(routes, hub, admission)
    bulkRoutes(routes, hub, admission)
    documentRoutes(routes, hub)
    deliveryRoutes(routes, hub)
    logRoutes(routes, hub)
    ruleRoutes(routes, hub)
    serviceRoutes(routes, hub)
    verifyRoute(routes)
  })
  return app
}

/** Request ids name the process and count: unique without drawing random bits for each request. */
function requestIds(process: string): () => string {
  let count = 0
  return () => `${process}.${++count}`
}
