import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** node:http alone: reads the body, answers 201 with as many bytes as a receipt. The floor under every other figure. */
const answer = Buffer.alloc(4_200, 0x20)

const server = createServer((request, response) => {
  const parts: Buffer[] = []
  request.on('data', (part: Buffer) => parts.push(part))
  request.on('end', () => {
    response.writeHead(201, { 'content-type': 'application/json', 'content-length': answer.length })
    response.end(answer)
  })
})

server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as AddressInfo).port, token: '' })
})
process.on('message', (message) => {
  if (message === 'stats')
    process.send?.({ rssMiB: process.memoryUsage().rss / 2 ** 20, loopP99Ms: 0, recorded: 0, distinct: 0 })
  if (message === 'stop') process.exit(0)
})

// The bench is gone: nobody would ever say stop.
process.on('disconnect', () => process.exit(1))
