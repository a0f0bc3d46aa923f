import {
  parseWitnessPolicy,
  readCosignatures,
  type Receipt,
  requireQuorum,
  verifyReceipt,
  withoutCosignatures,
} from '@socle/schemas'
import { compareWithWitnesses } from '@socle/gateway'
import { expect, test, vi } from 'vitest'
import { startWitness, type StrictWitness, type WitnessMode } from '../servers/witness.ts'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub, type TestHub } from '../support/hub.ts'
import { ask, join, type Party, trustOf } from './party.ts'

/** A hub that is watched: the witnesses are told its key once it has one. */
async function watched(
  witnesses: readonly (StrictWitness & { readonly known: string[] })[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly hub: TestHub; readonly party: Party }> {
  const places = witnesses.map(({ url, vkey }) => `${url} ${vkey}`).join(', ')
  const hub = await startHub(
    {},
    { env: { HUB_WITNESSES: places, HUB_WITNESS_EVERY: '1', HUB_WITNESS_TIMEOUT_MS: '300', ...env } },
  )
  for (const { known } of witnesses) known.push(hub.hub.keys.log.vkey)
  return { hub, party: await join(hub, 'profil-a', { buyers: [buyerSiret] }) }
}

async function aWitness(name: string): Promise<StrictWitness & { readonly known: string[] }> {
  const known: string[] = []
  return Object.assign(await startWitness({ name, logs: known }), { known })
}

const rowsOf = async ({ hub }: TestHub): Promise<readonly { size: number; witness: string; line: string }[]> =>
  await hub.store.reader.selectFrom('cosignatures').select(['size', 'witness', 'line']).orderBy('size').execute()

const soon = { timeout: 15_000, interval: 50 }

test('the published checkpoint is cosigned by each witness, and satisfies the policy that the hub gives out', async () => {
  await using one = await aWitness('witness.example/1')
  await using two = await aWitness('witness.example/2')
  const { hub, party } = await watched([one, two])
  await using _ = hub
  await party.sent('award', anAward({ id: 'W-1' }))
  const policy = parseWitnessPolicy((await ask(hub, '/log/witnesses')).text)
  const checkpoint = await vi.waitFor(async () => {
    const { text } = await ask(hub, '/log/checkpoint')
    expect(requireQuorum(text, policy)).toHaveLength(2)
    return text
  }, soon)
  const own = (await hub.hub.store.reader.selectFrom('ledger_head').select('checkpoint').executeTakeFirstOrThrow())
    .checkpoint
  expect(withoutCosignatures(checkpoint)).toBe(own)
  // As an auditor cuts it: head -n 5.
  expect(`${checkpoint.split('\n').slice(0, 5).join('\n')}\n`).toBe(own)
  expect(await hub.hub.events.registry.metrics()).toMatch(/socle_cosigned_size{witness="witness.example\/1"} [1-9]/)
})

test('a stamped checkpoint is shown at once, though the time for others has not come', async () => {
  await using one = await aWitness('witness.example/1')
  const { hub, party } = await watched([one], { HUB_WITNESS_EVERY: '600', HUB_TIMESTAMP_EVERY: '1' })
  await using _ = hub
  // The witness did not know the log when the hub began: the next try is not before half a minute.
  const before = await vi.waitFor(
    async () => {
      const rows = await rowsOf(hub)
      expect(rows).not.toEqual([])
      return rows.length
    },
    { timeout: 45_000, interval: 100 },
  )
  await party.sent('award', anAward({ id: 'W-2' }))
  await vi.waitFor(async () => expect((await rowsOf(hub)).length).toBeGreaterThan(before), soon)
  const stamped = await hub.hub.store.reader
    .selectFrom('checkpoints')
    .select('size')
    .where('token', 'is not', null)
    .execute()
  expect(stamped.map(({ size }) => size)).toContain((await rowsOf(hub)).at(-1)?.size)
}, 120_000)

test('receipts asked for later hold a quorum; the answer to the deposit, and to the same key again, never waits for it', async () => {
  await using one = await aWitness('witness.example/1')
  await using two = await aWitness('witness.example/2')
  await using three = await aWitness('witness.example/3')
  three.mode = 'silent'
  const { hub, party } = await watched([one, two, three], { HUB_WITNESS_MODE: 'receipt' })
  await using _ = hub
  const first = await party.sent('award', anAward({ id: 'W-3' }), { key: 'w-3' })
  const policy = parseWitnessPolicy((await ask(hub, '/log/witnesses')).text)
  expect(() => requireQuorum(first.checkpoint, policy)).toThrow('0 of 3')
  const later = await vi.waitFor(async () => {
    const receipt = (await party.ask(`/v1/documents/${first.id}/receipt`)).json<Receipt>()
    expect(requireQuorum(receipt.checkpoint, policy)).toHaveLength(2)
    return receipt
  }, soon)
  const trust = await trustOf(hub)
  expect(verifyReceipt(later, { trust }).verdict).toBe('proved')
  expect({ ...later, proof: first.proof, checkpoint: first.checkpoint }).toEqual(first)
  const replayed = await party.deposit('award', anAward({ id: 'W-3' }), { key: 'w-3' })
  expect([replayed.status, replayed.json<Receipt>()]).toEqual([200, first])
})

test('no bad cosignature is ever kept, and a witness that is well again goes on from where it is', async () => {
  await using witness = await aWitness('witness.example/1')
  // Nothing is stamped meanwhile: a stamped checkpoint would be cosigned beside the head.
  const { hub, party } = await watched([witness], { HUB_WITNESS_EVERY: '600', HUB_TIMESTAMP_EVERY: '14400' })
  await using _ = hub
  const failures = async (): Promise<number> =>
    Number(/socle_failures_total{what="witness"} (\d+)/.exec(await hub.hub.events.registry.metrics())?.[1] ?? 0)
  const modes: readonly WitnessMode[] = [
    'http-500',
    'redirect',
    'silent',
    'drip',
    'huge',
    'garbage',
    'no-newline',
    'wrong-signature',
    'wrong-key',
    'other-checkpoint',
    'signs-as-log',
    'old-time',
    'future-time',
    'no-time',
    'size-text',
    'size-negative',
    'size-beyond-counting',
    'size-untyped',
    'size-told',
    'size-turns',
  ]
  const show = async (): Promise<void> => void (await compareWithWitnesses(hub.hub, hub.hub.stopping))
  await show()
  for (const [at, mode] of modes.entries()) {
    const [rows, before] = [await rowsOf(hub), await failures()]
    witness.mode = mode
    await party.sent('award', anAward({ id: `W-${at}` }))
    await show()
    expect(await failures(), mode).toBeGreaterThan(before)
    expect(await rowsOf(hub), mode).toEqual(rows)
    witness.mode = 'good'
    // Again and again: a machine under load may let even a good witness be late once.
    await vi.waitFor(async () => {
      await show()
      expect((await rowsOf(hub)).length, mode).toBe(rows.length + 1)
    }, soon)
  }
  const checkpoints = await hub.hub.store.reader.selectFrom('checkpoints').select(['size', 'note']).execute()
  const keys = parseWitnessPolicy((await ask(hub, '/log/witnesses')).text).witnesses
  for (const { size, line } of await rowsOf(hub)) {
    const note = checkpoints.find((checkpoint) => checkpoint.size === size)?.note ?? ''
    expect(readCosignatures(`${note}${line}\n`, keys)).toHaveLength(1)
  }
  expect(hub.hub.continuity.missing).toBeUndefined()
}, 180_000)
