import type { FastifyInstance } from 'fastify'

/**
 * Ends the connection of a sender that does not send its whole request in time: one that drips bytes would hold memory
 * and a place for as long as it likes. Streamed routes watch over their senders themselves.
 */
export function limitBodyTime(app: FastifyInstance, ms: number, streamed: readonly string[]): void {
  app.addHook('onRequest', async (request) => {
    const { raw, routeOptions } = request
    const hasBody = raw.headers['content-length'] !== undefined || raw.headers['transfer-encoding'] !== undefined
    if (!hasBody || raw.complete || streamed.includes(routeOptions.url ?? '')) return
    const timer = setTimeout(() => raw.destroy(), ms)
    const clear = (): void => clearTimeout(timer)
    raw.once('end', clear)
    raw.once('close', clear)
  })
}
