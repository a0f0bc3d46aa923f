import { readFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Finding, Problem } from '@socle/schemas'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buyerSiret, otherBuyerSiret } from '../support/award.ts'
import { startHub, type TestHub } from '../support/hub.ts'
import { consultation, response } from './documents.ts'
import { join as joinHub, type Party, problemIn } from './party.ts'

const documents = join(import.meta.dirname, '../../../schemas/examples/documents')
const request = readFileSync(join(documents, 'espd-request-4.1.0.xml'), 'utf8')
const weakened = response.replace('>4000000.00</cbc:MinimumAmount>', '>400000.00</cbc:MinimumAmount>')

let hub: TestHub
let buyer: Party
let candidate: Party
let stranger: Party
beforeAll(async () => {
  hub = await startHub()
  buyer = await joinHub(hub, 'profil-a', { buyers: [buyerSiret] })
  candidate = await joinHub(hub, 'editeur-b', { buyers: [buyerSiret] })
  stranger = await joinHub(hub, 'profil-z', { buyers: [otherBuyerSiret] })
})
afterAll(async () => await hub[Symbol.asyncDispose]())

const rulesOf = (findings: readonly Finding[]): string[] => findings.map(({ rule }) => rule)
const rehearsed = async (text: string): Promise<string[]> =>
  rulesOf(
    (await candidate.deposit('dume-response', text, { query: '?dryRun=true' })).json<{ findings: Finding[] }>()
      .findings,
  )

describe('an e-DUME response and the request it answers', () => {
  test('a response whose request the hub does not hold is taken, and says so', async () => {
    expect(await rehearsed(response)).toContain('ESPD-REQUEST-NOT-HELD')
    expect(await rehearsed(weakened)).not.toContain('ESPD-ASKED-VALUE')
  })

  test('a request of another buyer under the same ids stands in nobody’s way', async () => {
    const foreign = request
      .replaceAll(buyerSiret, otherBuyerSiret)
      .replace('>4000000.00</cbc:MinimumAmount>', '>9000000.00</cbc:MinimumAmount>')
    await stranger.sent('dume-request', foreign)
    expect(await rehearsed(response)).toContain('ESPD-REQUEST-NOT-HELD')
  })

  test('a request is deposited, published with its canonical form, and open to every reader', async () => {
    const { id, envelope } = await buyer.sent('dume-request', request)
    expect(envelope).toMatchObject({ type: 'dume-request' })
    const canonical = (await stranger.ask(`/v1/documents/${id}/canonical`)).json<{ kind: string; lots: string[] }>()
    expect([canonical.kind, canonical.lots]).toEqual(['dume-request', ['LOT-0001', 'LOT-0002']])
    const { events } = await stranger.feed('?kinds=dume-request')
    const event = events.find(({ data }) => data.document.id === id)
    expect(event?.type).toBe('fr.tncp.dume-request.recorded.v1')
    expect(event?.data.canonical).toMatchObject({ kind: 'dume-request' })
  })

  test('a response that copies it is taken without a word', async () => {
    expect((await rehearsed(response)).filter((rule) => rule.startsWith('ESPD-'))).toEqual([])
    await candidate.sent('dume-response', response)
  })

  test('a response that weakens a requirement is refused, with what was asked and what it became', async () => {
    const answer = await candidate.deposit('dume-response', weakened)
    const problem = problemIn(answer) as Problem & { errors: Finding[] }
    expect([problem.status, problem.code]).toEqual([422, 'DOCUMENT_REFUSED'])
    expect(problem.errors.filter(({ severity }) => severity === 'reject')).toEqual([
      expect.objectContaining({
        rule: 'ESPD-ASKED-VALUE',
        value: '400000.00 EUR',
        expected: '4000000.00 EUR',
      }),
    ])
  })

  test('a response that cites no request is compared with the only one of its procedure', async () => {
    const uncited = weakened.replace(
      / {2}<cac:AdditionalDocumentReference>[^]*<\/cac:AdditionalDocumentReference>\n/,
      '',
    )
    expect(await rehearsed(uncited)).toEqual(expect.arrayContaining(['ESPD-ASKED-VALUE', 'ESPD-REQUEST-REFERENCE']))
    const elsewhere = uncited.replaceAll(consultation, 'AUTRE-PROCEDURE')
    expect(await rehearsed(elsewhere)).toContain('ESPD-REQUEST-NOT-HELD')
  })
})

describe('offline', () => {
  const socle = join(import.meta.dirname, '../../../gateway/bin/socle.mjs')
  let root: string
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'socle-request-'))
    await writeFile(join(root, 'request.xml'), request)
    await writeFile(join(root, 'response.xml'), response)
    await writeFile(join(root, 'weakened.xml'), weakened)
  })
  afterAll(async () => await rm(root, { recursive: true, force: true }))
  const run = (...parameters: string[]): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(process.execPath, [socle, ...parameters], { cwd: root, encoding: 'utf8', timeout: 30_000 })

  test('socle validate --request compares as the hub does', () => {
    expect(run('validate', '--request', 'request.xml', 'response.xml').status).toBe(0)
    const ran = run('validate', '--json', '--request', 'request.xml', 'weakened.xml')
    expect(ran.status).toBe(1)
    const line = JSON.parse(ran.stdout) as { verdict: string; findings: Finding[] }
    expect([line.verdict, ...rulesOf(line.findings)]).toEqual(['refused', 'ESPD-ASKED-VALUE'])
  })

  test('refuses to compare with what is no request', () => {
    const ran = run('validate', '--request', 'response.xml', 'response.xml')
    expect(ran.status).toBe(2)
    expect(ran.stderr).toContain('response.xml')
  })

  test.each(['espd-response-2.1.1', 'espd-request-2.1.1', 'espd-request-4.1.0'])(
    'socle map writes %s in 4.1.0, as the official schema wants it',
    (name) => {
      const mapped = run('map', join(documents, `${name}.xml`), '--to', 'espd', '--out', `${name}-written.xml`)
      expect([mapped.status, mapped.stderr.includes('4.1.0')]).toEqual([0, name.endsWith('2.1.1')])
      const line = run('validate', '--json', `${name}-written.xml`).stdout
      const { findings } = JSON.parse(line) as { findings: Finding[] }
      expect(rulesOf(findings.filter(({ rule }) => rule.startsWith('XSD-') || rule === 'FORMAT-NO-PACK'))).toEqual([])
      expect(line).toContain('"version":"4.1.0"')
    },
  )
})
