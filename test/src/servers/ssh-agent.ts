import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'

/** Messages of the ssh-agent protocol that are answered; every other one gets a failure. */
const message = { failure: 5, identities: 11, identitiesAnswer: 12, sign: 13, signAnswer: 14 } as const

export interface SshAgent extends AsyncDisposable {
  /** Path of the Unix socket. */
  readonly socket: string
  readonly publicKey: KeyObject
  /** 32 bytes. */
  readonly rawPublicKey: Buffer
}

/**
 * An ssh-agent with one Ed25519 key in memory, for programs that keep their key in one. Written from the protocol's draft,
 * so that no program has to be installed and no key touches a disk.
 */
export async function startSshAgent(socket: string): Promise<SshAgent> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const rawPublicKey = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)
  const blob = Buffer.concat([text('ssh-ed25519'), text(rawPublicKey)])
  const answer = (request: Buffer): Buffer => {
    if (request[0] === message.identities)
      return Buffer.concat([Buffer.of(message.identitiesAnswer, 0, 0, 0, 1), text(blob), text('witness')])
    if (request[0] !== message.sign) return Buffer.of(message.failure)
    const [asked, data] = textsIn(request.subarray(1))
    if (!asked?.equals(blob) || !data) return Buffer.of(message.failure)
    const signature = Buffer.concat([text('ssh-ed25519'), text(sign(undefined, data, privateKey))])
    return Buffer.concat([Buffer.of(message.signAnswer), text(signature)])
  }
  const clients = new Set<Socket>()
  const server = createServer((client) => {
    clients.add(client)
    let waiting = Buffer.alloc(0)
    client.on('error', () => client.destroy())
    client.on('data', (piece) => {
      waiting = Buffer.concat([waiting, piece])
      while (waiting.length >= 4 && waiting.length >= 4 + waiting.readUInt32BE()) {
        const end = 4 + waiting.readUInt32BE()
        client.write(text(answer(waiting.subarray(4, end))))
        waiting = waiting.subarray(end)
      }
    })
  })
  await once(server.listen(socket), 'listening')
  return {
    socket,
    publicKey,
    rawPublicKey,
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** A string of the protocol: its length in four bytes, then itself. */
function text(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}

function textsIn(bytes: Buffer): readonly Buffer[] {
  const found: Buffer[] = []
  let at = 0
  while (at + 4 <= bytes.length) {
    const end = at + 4 + bytes.readUInt32BE(at)
    if (end > bytes.length) break
    found.push(bytes.subarray(at + 4, end))
    at = end
  }
  return found
}
