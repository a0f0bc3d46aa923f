import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkChain, parseCertificates, reasonOf } from '@socle/schemas'
import { afterAll, describe, expect, test } from 'vitest'
import { judged } from './judges-table.ts'
import { ask, findOpenssl, maySkip } from './tools.ts'
import { changeSignature, type ChainCase, chainCases, makeChain } from './x509-cases.ts'

const openssl = findOpenssl()
const dayMs = 86_400_000
const work = mkdtempSync(join(tmpdir(), 'socle-x509-'))
afterAll(() => rmSync(work, { recursive: true, force: true }))

interface Verdicts {
  readonly ours: string
  readonly theirs: string
}

/** Asks both about the same files. */
function verdictsOn(one: ChainCase, number: number): Verdicts {
  const directory = join(work, String(number))
  mkdirSync(join(directory, 'other'), { recursive: true })
  const files = makeChain(directory, one.chain)
  const end = files.at(-1) ?? ''
  if (one.changed) changeSignature(end)
  const trusted = one.stranger ? (makeChain(join(directory, 'other'), one.chain)[0] ?? '') : (files[0] ?? '')
  const between = join(directory, 'between.pem')
  writeFileSync(
    between,
    files
      .slice(1, -1)
      .map((file) => readFileSync(file, 'utf8'))
      .join(''),
  )
  // A minute on: certificates of this second are good from this second.
  const at = new Date(Date.now() + 60_000 + (one.at ?? 0) * dayMs)
  return {
    ours: ourVerdict(one, { end, trusted, between, at }),
    theirs: theirVerdict(one, { end, trusted, between, at }),
  }
}

interface Asked {
  readonly end: string
  readonly trusted: string
  readonly between: string
  readonly at: Date
}

function ourVerdict({ use }: ChainCase, { end, trusted, between, at }: Asked): string {
  const read = (file: string): ReturnType<typeof parseCertificates> => {
    const text = readFileSync(file, 'utf8')
    return text === '' ? [] : parseCertificates(text)
  }
  try {
    const [certificate] = read(end)
    if (!certificate) throw new Error('no certificate')
    checkChain({ certificate, others: read(between), authorities: read(trusted), at, use })
    return 'good'
  } catch (error) {
    return reasonOf(error)
  }
}

function theirVerdict({ use }: ChainCase, { end, trusted, between, at }: Asked): string {
  const when = ['-attime', String(Math.floor(at.getTime() / 1_000))]
  const purpose = ['-purpose', use === 'seal' ? 'smimesign' : 'timestampsign']
  const roots = [
    '-CAfile',
    trusted,
    '-no-CApath',
    '-no-CAstore',
    ...(readFileSync(between).length > 0 ? ['-untrusted', between] : []),
  ]
  const { accepted, output } = ask(openssl, ['verify', ...when, ...purpose, ...roots, end], work)
  const [reason] = /error \d+ [^\n]*/.exec(output) ?? []
  if (!accepted && reason === undefined) throw new Error(`OpenSSL did not judge ${end}: ${output}`)
  return reason ?? 'good'
}

/** No registry carries x509-limbo: these cases are of our own, from RFC 5280 and RFC 3161, and OpenSSL says its verdict on each. */
describe.skipIf(maySkip(openssl))('certificate chains', () => {
  const said = (openssl.ready ? chainCases : []).map((one, number) => ({ one, ...verdictsOn(one, number) }))

  test.each(said)('$one.name: we say what OpenSSL says', ({ one, ours, theirs }) => {
    const agree = one.stricter ? ours !== 'good' && theirs === 'good' : (ours === 'good') === (theirs === 'good')
    expect(agree, `${ours} / ${theirs}`).toBe(true)
  })

  test('some are good and more are not', () => {
    const alike = said.filter(({ one }) => !one.stricter)
    const good = alike.filter(({ theirs }) => theirs === 'good')
    const bad = alike.filter(({ theirs }) => theirs !== 'good')
    judged({
      judge: 'OpenSSL',
      artefact: 'certificate chains',
      accepts: good.length > 0 && good.every(({ ours }) => ours === 'good'),
      rejectsChanged: bad.length > 0 && bad.every(({ ours }) => ours !== 'good'),
    })
    expect([good.length, bad.length]).toEqual([6, 18])
  })
})
