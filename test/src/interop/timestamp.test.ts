import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stampNow, verifyPath } from '@socle/gateway'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { join as joinHub } from '../flow/party.ts'
import { startTsa } from '../servers/tsa.ts'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub } from '../support/hub.ts'
import { productionDirectory, productionSettings } from '../support/production-time.ts'
import { ask, findOpenssl, maySkip } from './tools.ts'

const openssl = findOpenssl()
const socle = join(import.meta.dirname, '../../../gateway/bin/socle.mjs')

interface Line {
  readonly index: number
  readonly checkpoint: string
  readonly token: string
}

let directory: string
let exported: string
let lines: readonly Line[]

/** A production hub that an authority stamped over HTTP three times, then `socle export` as it is run. */
beforeAll(async () => {
  await using tsa = await startTsa()
  directory = await productionDirectory(tsa)
  exported = join(directory, 'export')
  mkdirSync(join(directory, 'work'))
  const env = productionSettings([tsa])
  {
    await using hub = await startHub({}, { directory, env })
    const sender = await joinHub(hub, 'profil-a', { buyers: [buyerSiret] })
    for (const id of ['A', 'B', 'C']) {
      await sender.sent('award', anAward({ id }))
      await stampNow(hub.hub)
    }
  }
  const { PATH = '' } = process.env
  const settings = { PATH, HUB_DATA: directory, ...env }
  const ran = spawnSync(process.execPath, [socle, 'export', '--log', exported], { env: settings, encoding: 'utf8' })
  if (ran.status !== 0) throw new Error(ran.stderr)
  const text = readFileSync(join(exported, 'timestamps.ndjson'), 'utf8')
  lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
}, 60_000)

afterAll(() => rmSync(directory, { recursive: true, force: true }))

test('socle verify proves the export with its tokens, and finds one that is changed', async () => {
  const report = await verifyPath(exported)
  expect(report.verdict).toBe('proved')
  expect(report.text('en')).toContain('2 timestamp tokens verified')
  const file = join(exported, 'timestamps.ndjson')
  const original = readFileSync(file)
  writeFileSync(file, original.subarray(original.indexOf('\n') + 1))
  try {
    expect((await verifyPath(exported)).text('en')).toContain('a timestamp entry has no token in the file of tokens')
  } finally {
    writeFileSync(file, original)
  }
})

describe.skipIf(maySkip(openssl))('OpenSSL', () => {
  function verify(checkpoint: string, token: Uint8Array): boolean {
    const work = join(directory, 'work')
    writeFileSync(join(work, 'checkpoint'), checkpoint)
    writeFileSync(join(work, 'token.tsr'), token)
    const parameters = ['ts', '-verify', '-data', 'checkpoint', '-in', 'token.tsr']
    return ask(openssl, [...parameters, '-CAfile', join(exported, 'tsa-ca.pem')], work).accepted
  }

  test('accepts every token that was had over HTTP, and rejects it changed or over another checkpoint', () => {
    expect(lines).toHaveLength(2)
    const last = { checkpoint: readFileSync(join(exported, 'log', 'checkpoint'), 'utf8') }
    const tokens = [
      ...lines.map(({ checkpoint, token }) => ({ checkpoint, token: Buffer.from(token, 'base64') })),
      { ...last, token: readFileSync(join(exported, 'checkpoint.tsr')) },
    ]
    for (const [at, { checkpoint, token }] of tokens.entries()) {
      expect(verify(checkpoint, token)).toBe(true)
      const changed = Buffer.from(token)
      changed[token.length - 10] = (changed[token.length - 10] ?? 0) ^ 1
      expect(verify(checkpoint, changed)).toBe(false)
      expect(verify(tokens[(at + 1) % tokens.length]?.checkpoint ?? '', token)).toBe(false)
    }
  })
})
