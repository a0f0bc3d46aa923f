import { readFile } from 'node:fs/promises'
import type { FastifyInstance } from 'fastify'
import { HubError } from '../errors.ts'

/** Where the build puts the page, whether this file runs compiled or from its source. */
const built = new URL('verify.html', import.meta.url.replace(/\/src\//, '/dist/'))

/**
 * The page that verifies in a browser, for whoever has not kept it: the same file opens from a disk. It is under its own
 * policy, which forbids it any network, this hub included; the hub runs none of it. Not part of the API.
 */
export function verifyRoute(app: FastifyInstance): void {
  let page: Buffer | undefined
  app.get('/verify', { schema: { hide: true } }, async (_request, reply) => {
    page ??= await readPage()
    return await reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-cache')
      .header('referrer-policy', 'no-referrer')
      // What a page cannot say of itself; the rest of the policy is inside it.
      .header('content-security-policy', "frame-ancestors 'none'")
      .send(page)
  })
}

/** @throws HubError 404 where only the sources were compiled */
async function readPage(): Promise<Buffer> {
  try {
    return await readFile(built)
  } catch (cause) {
    throw new HubError('ROUTE_NOT_FOUND', {}, cause)
  }
}
