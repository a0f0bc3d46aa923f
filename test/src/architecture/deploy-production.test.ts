import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stampNow } from '@socle/gateway'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Ran, runLines } from '../deploy/runbook.ts'
import { join as enrol } from '../flow/party.ts'
import { startTsa, type Tsa } from '../servers/tsa.ts'
import { type OpensslTsa, startOpensslTsa } from '../servers/tsa-openssl.ts'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub, type TestHub } from '../support/hub.ts'

/** A production hub whose keys come from the lines of the runbook, and the lines about its outside clocks. */
describe('the runbooks of a production hub', () => {
  let work: string
  let first: Tsa
  let second: OpensslTsa
  let hub: TestHub
  let fingerprints: readonly string[] | undefined
  let policies: string

  const place = (name: string): string => join(work, name)
  const origin = 'socle.example/production/2026h2'

  async function run(name: string, mark: string, tsa: OpensslTsa = first): Promise<Ran> {
    mkdirSync(place('asked'), { recursive: true })
    return await runLines(name, mark, {
      KEYS: place('data/keys'),
      REQUEST: place('request'),
      SEAL_NAME: '/O=Essai/CN=Cachet',
      HUB: hub?.url ?? '',
      TSA: tsa.url,
      ASKED: place('asked'),
      PROOF: place('proof'),
      ...settings(),
    })
  }
  async function ran(...lines: Parameters<typeof run>): Promise<string> {
    const { status, output } = await run(...lines)
    if (status !== 0) throw new Error(`${lines[0]}, ${lines[1]}: exit ${status}\n${output}`)
    return output
  }
  const settings = (): Record<string, string> => ({
    HUB_DATA: place('data'),
    HUB_KEYS_DIR: place('data/keys'),
    HUB_ENVIRONMENT: 'production',
    HUB_LOG_ORIGIN: origin,
    HUB_TSA_URLS: `${first.url},${second.url}`,
    HUB_TSA_POLICIES: policies,
    ...(fingerprints ? { HUB_TSA_ANCHORS: fingerprints.join() } : {}),
    // Stamps by hand.
    HUB_TIMESTAMP_EVERY: '14400',
  })

  beforeAll(async () => {
    work = mkdtempSync(join(tmpdir(), 'socle-production-'))
    first = await startTsa()
    second = await startOpensslTsa()
    policies = `${first.policy},${second.policy}`
    await ran('start.md', 'production-request')
    answerRequest(place('request'))
    writeFileSync(place('request/tsa-1.crt'), first.ca)
    writeFileSync(place('request/tsa-2.crt'), second.ca)
    const output = await ran('start.md', 'production-keys')
    fingerprints = [...output.matchAll(/Fingerprint=(\S+)/gi)].map(([, one = '']) => one)
    expect(fingerprints).toHaveLength(2)
    hub = await startHub({}, { directory: place('data'), env: settings() })
  }, 60_000)
  afterAll(async () => {
    await hub?.[Symbol.asyncDispose]()
    for (const tsa of [first, second]) await tsa?.[Symbol.asyncDispose]()
    rmSync(work, { recursive: true, force: true })
  })

  test('bring one that takes a deposit, and tells of the authority that fails', async () => {
    const sender = await enrol(hub, 'profil-a', { buyers: [buyerSiret] })
    await sender.sent('award', anAward())
    first.mode = 'http-500'
    await stampNow(hub.hub)
    const output = await ran('tsa-outage.md', 'look')
    expect(output).toContain('"environment":"production"')
    expect(output).toMatch(/^socle_unstamped_seconds \d/m)
    expect(output).toMatch(/^socle_failures_total\{what="timestamp-authority"\} 1$/m)
  })

  test('show which authority answers, and whether its token is one of ours', async () => {
    first.mode = 'http-500'
    expect((await run('tsa-outage.md', 'ask')).status).not.toBe(0)
    const output = await ran('tsa-outage.md', 'ask', second)
    expect(output).toContain(`Policy OID: ${second.policy}`)
    expect(output).toContain('Verification: OK')
    await using stranger = await startOpensslTsa()
    const { status, output: refused } = await run('tsa-outage.md', 'ask', stranger)
    expect(status).not.toBe(0)
    expect(refused).toContain('Verification: FAILED')
  })

  test('prove the log with its outside times', async () => {
    expect(await ran('tsa-outage.md', 'prove')).toContain('PROVED')
  })

  test('quote what the log says', async () => {
    const table = readFileSync(join(import.meta.dirname, '../../../deploy/runbooks/tsa-outage.md'), 'utf8')
    const said: [Tsa['mode'], string][] = [
      ['silent', 'no whole answer within'],
      ['refusal', 'the timestamp was not granted'],
      ['web-page', 'no application/timestamp-reply'],
      ['redirect', 'HTTP 3'],
      ['wrong-policy', 'is not accepted'],
      ['ahead', "the authority's clock is"],
      ['good', 'the certificate does not lead to the trusted authority'],
    ]
    for (const [mode, words] of said) {
      first.mode = mode
      expect(table).toContain(words)
      await using one = await startHub(
        {},
        { directory: place('data-of-another'), env: otherHub(mode === 'good' ? 1 : 0) },
      )
      const sender = await enrol(one, `profil-${mode}`, { buyers: [buyerSiret] })
      await sender.sent('award', anAward({ id: mode }))
      await expect(stampNow(one.hub), mode).rejects.toThrow(words)
    }
  }, 60_000)

  /** It asks the first authority only. @param anchor which one's certificate it must lead to */
  const otherHub = (anchor: 0 | 1): Record<string, string> => ({
    ...settings(),
    HUB_DATA: place('data-of-another'),
    HUB_TSA_URLS: first.url,
    HUB_TSA_ANCHORS: fingerprints?.[anchor] ?? '',
    HUB_TSA_TIMEOUT_MS: '500',
  })
})

/** Stands for the trust service provider: an authority of one evening that signs the request. */
function answerRequest(directory: string): void {
  const openssl = (...parameters: readonly string[]): void => {
    execFileSync('openssl', parameters, { cwd: directory, stdio: 'ignore' })
  }
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  openssl(
    'req',
    '-x509',
    ...curve,
    '-keyout',
    'ca.key',
    '-out',
    'root.crt',
    '-subj',
    '/O=Essai/CN=Autorité',
    '-days',
    '30',
  )
  writeFileSync(join(directory, 'extensions'), 'basicConstraints=critical,CA:FALSE\n')
  appendFileSync(join(directory, 'extensions'), 'keyUsage=critical,digitalSignature,nonRepudiation\n')
  const by = ['-CA', 'root.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '20', '-extfile', 'extensions']
  openssl('x509', '-req', '-in', 'seal.csr', ...by, '-out', 'seal.crt')
  writeFileSync(join(directory, 'issuers-root-last.crt'), readFileSync(join(directory, 'root.crt')))
}
