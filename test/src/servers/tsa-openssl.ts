import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface OpensslTsa extends AsyncDisposable {
  readonly url: string
  readonly policy: string
  /** PEM of the authority above the signer. */
  readonly ca: string
}

const policy = '1.3.6.1.4.1.32473.3161.5'

const configuration = `
[tsa]
default_tsa = clock
[clock]
serial = serial
signer_cert = tsa.crt
signer_key = tsa.key
signer_digest = sha256
certs = ca.crt
default_policy = ${policy}
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
[signer]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
`

/** OpenSSL's own authority behind HTTP, on a free port of 127.0.0.1: it reads whatever an RFC 3161 client may ask. */
export async function startOpensslTsa(): Promise<OpensslTsa> {
  const directory = await mkdtemp(join(tmpdir(), 'socle-openssl-tsa-'))
  const openssl = async (...parameters: readonly string[]): Promise<void> =>
    void (await run('openssl', parameters, { cwd: directory }))
  await writeFile(join(directory, 'tsa.cnf'), configuration)
  await writeFile(join(directory, 'serial'), '01\n')
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj']
  await openssl('req', '-x509', ...key, '/O=Essai/CN=Racine', '-keyout', 'ca.key', '-out', 'ca.crt', '-days', '30')
  await openssl('req', '-new', ...key, '/O=Essai/CN=Horloge', '-keyout', 'tsa.key', '-out', 'tsa.csr')
  const by = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-set_serial', '2', '-days', '20']
  const as = ['-extfile', 'tsa.cnf', '-extensions', 'signer']
  await openssl('x509', '-req', '-in', 'tsa.csr', ...by, ...as, '-out', 'tsa.crt')

  // One after the other: the serial is in a file.
  let last: Promise<Buffer> = Promise.resolve(Buffer.alloc(0))
  async function stamp(query: Buffer): Promise<Buffer> {
    await writeFile(join(directory, 'query.tsq'), query)
    await openssl('ts', '-reply', '-config', 'tsa.cnf', '-queryfile', 'query.tsq', '-out', 'answer.tsr')
    return await readFile(join(directory, 'answer.tsr'))
  }
  const server = createServer((request, response) => {
    const before = last.catch(() => undefined)
    last = readAll(request).then(async (query) => {
      await before
      return await stamp(query)
    })
    last.then(
      (token) => response.writeHead(200, { 'content-type': 'application/timestamp-reply' }).end(token),
      () => response.writeHead(500).end(),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/tsr`,
    policy,
    ca: await readFile(join(directory, 'ca.crt'), 'utf8'),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece)
  return Buffer.concat(pieces)
}
