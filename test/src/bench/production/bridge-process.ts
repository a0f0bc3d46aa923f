import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type BusMessage, createKafkaBus, readConfig } from '@socle/gateway'
import { benchTopic } from './topic.ts'

/**
 * What a bridge from HTTP to Kafka does and nothing else: a body in, one record with every replica's acknowledgement,
 * 201. Nothing is judged, kept, numbered or sealed. Requests that come while a publication is under way share the next.
 */
const config = readConfig(process.env)
const { kafka } = config.servers
if (!kafka) throw new Error('HUB_KAFKA_BROKERS is missing')
const bus = createKafkaBus({ ...kafka, topics: [benchTopic] }, (error) => process.stderr.write(`${String(error)}\n`))

interface Waiting {
  readonly message: BusMessage
  readonly done: (published: boolean) => void
}

let waiting: Waiting[] = []
let publishing = false
let count = 0

async function publishAll(): Promise<void> {
  publishing = true
  while (waiting.length > 0) {
    const batch = waiting
    waiting = []
    const published = await bus.publish(batch.map(({ message }) => message)).then(
      () => true,
      () => false,
    )
    for (const { done } of batch) done(published)
  }
  publishing = false
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts)
}

async function bridge(request: IncomingMessage): Promise<boolean> {
  const data = await bodyOf(request)
  const sequence = count++
  const attributes = { specversion: '1.0', id: String(sequence), time: new Date().toISOString() }
  const key = String(request.headers['idempotency-key'] ?? sequence)
  const partition = sequence % bus.partitions
  const message = { topic: benchTopic, key, partition, sequence, previous: -1, leaf: '', attributes, data }
  return await new Promise((done) => {
    waiting.push({ message, done })
    if (!publishing) void publishAll()
  })
}

const server = createServer((request, response) => {
  void bridge(request).then((published) => {
    response.writeHead(published ? 201 : 503, { 'content-length': '0' }).end()
  })
})
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  process.send?.({ port, token: '' })
})
process.on('disconnect', () => process.exit(1))
process.on('message', (message) => {
  if (message === 'stop') process.exit(0)
  if (message === 'stats') process.send?.({ recorded: count, distinct: count })
})
