import { createHash, X509Certificate } from 'node:crypto'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  breaker,
  createHttpTimestampAuthority,
  createTimestampFailover,
  type HttpTimestampSettings,
} from '@socle/gateway'
import { verifyTimestamp, verifyTimestampOf } from '@socle/schemas'
import { describe, expect, test } from 'vitest'
import { startTsa, type Tsa, type TsaMode } from '../servers/tsa.ts'

const data = Buffer.from('un point de contrôle')

/** For authorities that never give a whole answer. */
const hurriedMs = 700

/** The client as production wires it. */
function client(
  tsa: Tsa,
  change: Partial<HttpTimestampSettings> = {},
): ReturnType<typeof createHttpTimestampAuthority> {
  return createHttpTimestampAuthority({
    url: tsa.url,
    anchors: [new X509Certificate(tsa.ca)],
    policies: [tsa.policy],
    windowMs: 30_000,
    timeoutMs: 20_000,
    clock: () => new Date(),
    stopping: new AbortController().signal,
    ...change,
  })
}

describe('an authority over HTTP', () => {
  test('gives a token over the bytes, with a nonce of its own each time', async () => {
    await using tsa = await startTsa()
    const anchors = [new X509Certificate(tsa.ca)]
    const tokens = [await client(tsa).stamp(data), await client(tsa).stamp(data)]
    const stamps = tokens.map((token) => verifyTimestamp(token, data, anchors))
    for (const stamp of stamps) {
      expect(Math.abs(stamp.time.getTime() - Date.now())).toBeLessThan(5_000)
      expect(stamp.policy).toBe(tsa.policy)
      expect(stamp.nonce).toMatch(/^[4-7][0-9a-f]{15}$/)
    }
    expect(stamps[0]?.nonce).not.toBe(stamps[1]?.nonce)
  })

  test('gives one over SHA-512 when it is asked to, and none that is over SHA-256 then', async () => {
    await using tsa = await startTsa()
    const anchors = [new X509Certificate(tsa.ca)]
    const token = await client(tsa).stamp(data, undefined, 'sha512')
    const hash = createHash('sha512').update(data).digest()
    expect(verifyTimestampOf(token, { digest: 'sha512', hash }, anchors).policy).toBe(tsa.policy)
    expect(() => verifyTimestamp(token, data, anchors)).toThrow('the imprint is not SHA-256')
    const plain = await client(tsa).stamp(data)
    expect(() => verifyTimestampOf(plain, { digest: 'sha512', hash }, anchors)).toThrow('the imprint is not SHA-512')
    tsa.mode = 'wrong-imprint'
    await expect(client(tsa).stamp(data, undefined, 'sha512')).rejects.toThrow('over other bytes')
  })

  test.each<[TsaMode, RegExp]>([
    ['http-500', /^HTTP 500$/],
    ['redirect', /^HTTP 307$/],
    ['web-page', /no application\/timestamp-reply/],
    ['silent', /no whole answer within 700 ms/],
    ['drip', /no whole answer within 700 ms/],
    ['refusal', /not granted/],
    ['wrong-nonce', /nonce of another request/],
    ['wrong-imprint', /over other bytes/],
    ['wrong-policy', /policy 1\.3\.6\.1\.4\.1\.32473\.3161\.9 is not accepted/],
    ['no-eku', /timestamps only/],
    ['wrong-ess', /names another certificate/],
    ['old-time', /behind ours: more than 30000/],
    ['ahead', /ahead of ours: more than 30000/],
    ['truncated', /not DER/],
    ['huge', /larger than 65536 bytes/],
  ])('that answers %s gives nothing, and the reason is said', async (mode, reason) => {
    await using tsa = await startTsa({ mode })
    const hurried = mode === 'silent' || mode === 'drip' ? { timeoutMs: hurriedMs } : {}
    const started = performance.now()
    await expect(client(tsa, hurried).stamp(data)).rejects.toThrow(reason)
    expect(performance.now() - started).toBeLessThan(15_000)
    tsa.mode = 'good'
    expect((await client(tsa).stamp(data)).length).toBeGreaterThan(500)
  })

  test('that cannot be reached, or is asked while the hub stops, says so at once', async () => {
    const tsa = await startTsa({ mode: 'silent' })
    const stop = new AbortController()
    const asking = client(tsa, { stopping: stop.signal, timeoutMs: 60_000 }).stamp(data)
    setTimeout(() => stop.abort(), 50)
    await expect(asking).rejects.toThrow(/abort/i)
    await tsa[Symbol.asyncDispose]()
    await expect(client(tsa).stamp(data)).rejects.toThrow(/ECONNREFUSED/)
  })

  test('is asked again by nobody: what the caller does not accept is refused', async () => {
    await using tsa = await startTsa()
    const refuse = async (): Promise<void> => await Promise.reject(new Error('not in order'))
    await expect(client(tsa).stamp(data, refuse)).rejects.toThrow('not in order')
    expect(tsa.asked).toBe(1)
  })

  test('over TLS needs a certificate of a known authority, or of the one that is given', async () => {
    const { cert, key } = tlsCertificate()
    await using tsa = await startTsa({ tls: { cert, key } })
    await expect(client(tsa).stamp(data)).rejects.toThrow(/self-signed certificate/)
    expect((await client(tsa, { tlsCa: cert }).stamp(data)).length).toBeGreaterThan(500)
  })
})

function tlsCertificate(): { readonly cert: string; readonly key: string } {
  const directory = mkdtempSync(join(tmpdir(), 'socle-tsa-'))
  const name = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1']
  const made = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    'key.pem',
    '-out',
    'cert.pem',
  ]
  const { status, stderr } = spawnSync('openssl', ['req', '-x509', '-days', '2', ...name, ...made], { cwd: directory })
  if (status !== 0) throw new Error(stderr.toString())
  const read = (file: string): string => readFileSync(join(directory, file), 'utf8')
  const pair = { cert: read('cert.pem'), key: read('key.pem') }
  rmSync(directory, { recursive: true })
  return pair
}

describe('two authorities', () => {
  interface Pair extends AsyncDisposable {
    readonly first: Tsa
    readonly second: Tsa
    readonly refused: readonly string[]
    stamp(): Promise<Uint8Array>
  }

  async function aPair(): Promise<Pair> {
    const [first, second] = [await startTsa(), await startTsa()]
    const refused: string[] = []
    const named = [first, second].map((tsa, at) => ({ name: `authority ${at}`, authority: client(tsa) }))
    const both = createTimestampFailover(named, (name, error) => refused.push(`${name}: ${String(error)}`))
    return {
      first,
      second,
      refused,
      stamp: async () => await both.stamp(data),
      async [Symbol.asyncDispose]() {
        await first[Symbol.asyncDispose]()
        await second[Symbol.asyncDispose]()
      },
    }
  }

  test('are asked in their order, the second only when the first gives nothing good', async () => {
    await using pair = await aPair()
    const { first, second, refused } = pair
    await pair.stamp()
    expect([first.asked, second.asked]).toEqual([1, 0])
    first.mode = 'wrong-policy'
    const token = await pair.stamp()
    expect(() => verifyTimestamp(token, data, [new X509Certificate(second.ca)])).not.toThrow()
    expect([first.asked, second.asked]).toEqual([2, 1])
    expect(refused).toEqual([expect.stringMatching(/^authority 0: .*policy/)])
  })

  test('that is dead is left alone for half a minute once it failed twice', async () => {
    await using pair = await aPair()
    const { first, second } = pair
    first.mode = 'http-500'
    for (let i = 0; i < 5; i++) await pair.stamp()
    expect([first.asked, second.asked]).toEqual([breaker.failures, 5])
  })

  test('that both give nothing good are both named, are asked again all the same, and are taken back at once', async () => {
    await using pair = await aPair()
    const { first, second } = pair
    first.mode = 'no-eku'
    second.mode = 'refusal'
    await expect(pair.stamp()).rejects.toThrow(/authority 0: .*timestamps only; authority 1: .*not granted/)
    await expect(pair.stamp()).rejects.toThrow(/authority 0/)
    for (let i = 0; i < 3; i++) await expect(pair.stamp()).rejects.toThrow('no good timestamp')
    expect(first.asked + second.asked).toBe(7)
    first.mode = 'good'
    second.mode = 'good'
    expect((await pair.stamp()).length).toBeGreaterThan(500)
  })

  test('do not speak for each other: a token of one under the trust of the other is none', async () => {
    await using first = await startTsa()
    await using second = await startTsa()
    await expect(client(first, { anchors: [new X509Certificate(second.ca)] }).stamp(data)).rejects.toThrow(
      'does not lead to the trusted authority',
    )
  })
})
