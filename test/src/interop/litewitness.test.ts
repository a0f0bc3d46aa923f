import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join as pathOf } from 'node:path'
import { parseWitnessPolicy, type Receipt, requireQuorum } from '@socle/schemas'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { ask as get, join, type Party } from '../flow/party.ts'
import { type Litewitness, startLitewitness } from '../servers/litewitness.ts'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub, type TestHub } from '../support/hub.ts'
import { buildGoJudge } from './go-tools.ts'
import { judged } from './judges-table.ts'
import { ask, buildGoVerifier, maySkip } from './tools.ts'

/** A witness that nobody here wrote watches a hub; another program that nobody here wrote judges what it signed. */

const repository = pathOf(import.meta.dirname, '..', '..', '..')
const tool = buildGoJudge(repository, 'litewitness')
const verifier = buildGoVerifier(repository)
const origin = 'socle.invalid/sandbox/2026h2'
const soon = { timeout: 20_000, interval: 100 }

let data: string
beforeAll(() => {
  data = mkdtempSync(pathOf(tmpdir(), 'socle-watched-'))
})
afterAll(() => rmSync(data, { recursive: true, force: true }))

const open = async ({ url, vkey }: Litewitness): Promise<TestHub> =>
  await startHub(
    {},
    { directory: data, env: { HUB_WITNESSES: `${url} ${vkey}`, HUB_WITNESS_MODE: 'receipt', HUB_WITNESS_EVERY: '1' } },
  )

describe.skipIf(maySkip(tool) || maySkip(verifier))('litewitness', () => {
  async function cosignedReceipt(party: Party, hub: TestHub, id: string): Promise<Receipt> {
    const { id: document } = await party.sent('award', anAward({ id }))
    const policy = parseWitnessPolicy((await get(hub, '/log/witnesses')).text)
    return await vi.waitFor(async () => {
      const receipt = (await party.ask(`/v1/documents/${document}/receipt`)).json<Receipt>()
      expect(requireQuorum(receipt.checkpoint, policy)).toHaveLength(1)
      return receipt
    }, soon)
  }

  test('cosigns the growth of our log, as torchwood’s own verifier confirms', async () => {
    // Keys are made by a first start: a witness must be told a key before it is shown a log.
    await (await startHub({}, { directory: data }))[Symbol.asyncDispose]()
    const vkey = readFileSync(pathOf(data, 'keys', 'trust', 'log.vkey'), 'utf8').trim()
    await using witness = await startLitewitness(command(), [{ origin, vkey }])
    await using hub = await open(witness)
    const party = await join(hub, 'profil-a', { buyers: [buyerSiret] })
    const receipts = [await cosignedReceipt(party, hub, 'LW-1'), await cosignedReceipt(party, hub, 'LW-2')]
    expect(await witness.sizeSeen(origin)).toBe(receipts[1]?.proof.size)

    const policy = pathOf(data, 'policy')
    writeFileSync(policy, (await get(hub, '/log/witnesses')).text)
    let rejectsChanged = true
    for (const { checkpoint, proof } of receipts) {
      const file = pathOf(data, `checkpoint-${proof.size}`)
      const accepts = (text: string): boolean => {
        writeFileSync(file, text)
        return ask(verifier, ['cosigned', policy, file], data).accepted
      }
      expect(accepts(checkpoint)).toBe(true)
      const lines = checkpoint.trimEnd().split('\n')
      const last = lines.at(-1) ?? ''
      const withLast = (line: string): string => `${[...lines.slice(0, -1), line].join('\n')}\n`
      const changed = [
        withLast(`${last.slice(0, -9)}${last.at(-9) === 'A' ? 'B' : 'A'}${last.slice(-8)}`),
        withLast(lines.at(-2) ?? ''),
      ]
      for (const text of changed) {
        const isRejected = !accepts(text)
        rejectsChanged &&= isRejected
        expect(isRejected, text).toBe(true)
      }
    }
    judged({ judge: 'torchwood litewitness', artefact: 'cosigned checkpoint', accepts: true, rejectsChanged })
  })

  function command(): string {
    if (!tool.ready) throw new Error(tool.reason)
    return tool.command
  }
})
