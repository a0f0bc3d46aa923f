import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verifyPath } from '@socle/gateway'
import { parseLeaf } from '@socle/schemas'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startLitewitness } from '../servers/litewitness.ts'
import { startWitness } from '../servers/witness.ts'
import { buildSmallExport, type SmallExport } from '../tamper/small-export.ts'
import { buildGoJudge } from './go-tools.ts'
import { judged } from './judges-table.ts'
import { rewriteLog, type Rewriting, type RewrittenLog } from './rewritten-log.ts'
import { buildGoVerifier, ask, maySkip } from './tools.ts'

/**
 * Whoever holds the key of the log can write it anew, from the first entry on. Nothing in it gives that away: only what
 * somebody kept from before does, or somebody who watched.
 */

const repository = join(import.meta.dirname, '..', '..', '..')
const litewitness = buildGoJudge(repository, 'litewitness')
const go = buildGoVerifier(repository)

let root: string
let small: SmallExport
let log: RewrittenLog
let origin: string
let vkey: string

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'socle-rewritten-'))
  small = await buildSmallExport(join(root, 'export'))
  log = await rewriteLog({
    ...honest(),
    to: join(root, 'rewritten'),
    // A document of the past gets another content; the log goes on as if nothing had been.
    rewrite: (leaves) => {
      const changed = leaves.map((leaf, index) => (index === 17 ? withOtherCommitment(leaf) : leaf))
      return [...changed, leaves[298] ?? '', leaves[299] ?? '']
    },
  })
  origin = small.keys.log.origin
  vkey = readFileSync(join(small.directory, 'log.vkey'), 'utf8').trim()
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const honest = (): Pick<Rewriting, 'from' | 'size' | 'keys'> => ({
  from: small.directory,
  size: small.size,
  keys: small.keys,
})

function withOtherCommitment(leaf: string): string {
  const { commitment } = parseLeaf(leaf)
  return leaf.replace(commitment, `${commitment.startsWith('A') ? 'B' : 'A'}${commitment.slice(1)}`)
}

const read = (file: string): string => readFileSync(join(small.directory, file), 'utf8')

test('a rewritten log that its key signed again is consistent in itself', async () => {
  const report = await verifyPath(log.directory)
  expect(report.verdict, report.text('en')).toBe('proved')
})

describe.skipIf(maySkip(go))('golang.org/x/mod', () => {
  test('finds it consistent in itself too', () => {
    expect(ask(go, [log.directory], root).output).toBe(`verified ${log.size} entries, 0 proofs\n`)
  })
})

test('an old receipt gives it away', async () => {
  const together = join(root, 'with-receipts')
  cpSync(log.directory, together, { recursive: true })
  cpSync(join(small.directory, 'receipts'), join(together, 'receipts'), { recursive: true })
  const report = await verifyPath(together)
  expect(report.verdict).toBe('not-proved')
  expect(report.text('en')).toContain('the exported log contradicts this receipt')

  expect((await verifyPath(small.directory)).verdict).toBe('proved')
})

test('a stamped checkpoint of before gives it away', async () => {
  const from = join(root, 'kept')
  cpSync(join(small.directory, 'log', 'checkpoint'), from)
  cpSync(join(small.directory, 'checkpoint.tsr'), `${from}.tsr`)
  const report = await verifyPath(log.directory, { from })
  expect(report.verdict).toBe('not-proved')
  expect(report.text('en')).toMatch(/REWRITTEN|does not link/)
  expect((await verifyPath(small.directory, { from })).verdict).toBe('proved')
})

/** @returns HTTP status, and the answer */
async function show(url: string, old: number, proof: readonly string[], note: string): Promise<[number, string]> {
  const body = [`old ${old}`, ...proof, '', note].join('\n')
  const answer = await fetch(`${url}/add-checkpoint`, { method: 'POST', body })
  return [answer.status, await answer.text()]
}

/** The log as it was before, on its way to the witness: half of it, then the rest. */
async function showHonest(url: string): Promise<void> {
  const receipt = JSON.parse(read(`receipts/${small.names[2]}.json`)) as { checkpoint: string; proof: { size: number } }
  const { size } = receipt.proof
  expect((await show(url, 0, [], receipt.checkpoint))[0]).toBe(200)
  // Written again without a change, it is the same log.
  const same = await rewriteLog({ ...honest(), to: join(root, 'same'), rewrite: (leaves) => leaves })
  expect((await show(url, size, same.proofFrom(size), read('log/checkpoint')))[0]).toBe(200)
}

test('a witness gives it away', async () => {
  await using witness = await startWitness({ logs: [vkey] })
  await showHonest(witness.url)
  const [status] = await show(witness.url, small.size, log.proofFrom(small.size), log.note)
  expect(status).toBe(422)
  expect(witness.logs.get(origin)?.size).toBe(small.size)
})

describe.skipIf(maySkip(litewitness))('litewitness', () => {
  test('gives it away: it cosigned the growth of the log, and answers 422 to the rewritten one', async () => {
    if (!litewitness.ready) throw new Error(litewitness.reason)
    await using witness = await startLitewitness(litewitness.command, [{ origin, vkey }])
    await showHonest(witness.url)
    expect(await witness.sizeSeen(origin)).toBe(small.size)
    const [status] = await show(witness.url, small.size, log.proofFrom(small.size), log.note)
    const rejectsChanged = status === 422
    judged({ judge: 'torchwood litewitness', artefact: 'growth of a log', accepts: true, rejectsChanged })
    expect(status).toBe(422)
    expect(await witness.sizeSeen(origin)).toBe(small.size)
  })
})
