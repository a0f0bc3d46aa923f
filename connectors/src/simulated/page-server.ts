import { readdir, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { openDirectory, readIfThere, writeDurably } from '../kit/durable-file.ts'

/** The public side of a simulated profile: pages on disk, served on this machine only. */
export interface PageServer extends AsyncDisposable {
  readonly url: string
  /** Address of the page of a document, whether it is there or not. */
  urlOf(id: string): string
  has(id: string): Promise<boolean>
  /** Durable when it resolves. */
  write(id: string, html: string): Promise<void>
  /** Of a document that was erased; nothing when there is none. */
  remove(id: string): Promise<void>
  /** Ids of the documents that have a page, sorted. */
  ids(): Promise<readonly string[]>
}

const requestMs = 10_000
const maxConnections = 64

/** @param port 0 takes a free one; addresses already reported to the hub stay good only if it is always the same */
export async function createPageServer(directory: string, port: number): Promise<PageServer> {
  await openDirectory(directory)
  const fileOf = (id: string): string => join(directory, `${id}.html`)
  const server = createServer({ requestTimeout: requestMs, headersTimeout: requestMs }, (request, response) => {
    const id = /^\/avis\/([0-9a-f-]{36})$/.exec(request.url ?? '')?.[1]
    const found = id !== undefined && request.method === 'GET' ? readIfThere(fileOf(id)) : Promise.resolve(undefined)
    found.then(
      (html) =>
        response
          .writeHead(html ? 200 : 404, {
            'content-type': 'text/html; charset=utf-8',
            'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
            'x-content-type-options': 'nosniff',
          })
          .end(html ?? 'Page introuvable : vérifiez l’adresse.'),
      () => response.destroy(),
    )
  })
  server.maxConnections = maxConnections
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    urlOf: (id) => `${url}/avis/${id}`,
    has: async (id) => (await readIfThere(fileOf(id))) !== undefined,
    write: async (id, html) => await writeDurably(fileOf(id), html),
    remove: async (id) => await rm(fileOf(id), { force: true }),
    async ids() {
      const names = (await readdir(directory)).filter((name) => name.endsWith('.html'))
      return names.map((name) => name.slice(0, -'.html'.length)).sort()
    },
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}
