import { archiveNext, erase, readCoverage, renewByHash, renewByTimestamp } from '@socle/gateway'
import {
  type CoveredFile,
  envelopeFile,
  jcsBytes,
  manifestFile,
  parseCertificates,
  type Receipt,
  signatureFile,
  verifyEvidenceRecord,
} from '@socle/schemas'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub, type TestHub } from '../support/hub.ts'
import { join, type Party } from './party.ts'

let now = Date.parse('2026-11-23T09:00:00Z')
let hub: TestHub
let sender: Party
/** Documents of two days: three, then one. */
const sent: { readonly receipt: Receipt; readonly bytes: Buffer }[] = []

async function send(id: string): Promise<void> {
  const bytes = Buffer.from(anAward({ id }))
  sent.push({ bytes, receipt: await sender.sent('award', bytes) })
}

beforeAll(async () => {
  // Over seals as they are in receipts.
  hub = await startHub({ clock: () => new Date(now) }, { env: { HUB_SEAL_TIMESTAMPS: 'urgent' } })
  sender = await join(hub, 'profil-a', { buyers: [buyerSiret] })
  for (const id of ['A', 'B', 'C']) await send(id)
  now += 86_400_000
  sender = await join(hub, 'profil-b', { buyers: [buyerSiret] })
  await send('D')
})

afterAll(async () => await hub[Symbol.asyncDispose]())

function filesOf({ receipt, bytes }: (typeof sent)[number]): readonly CoveredFile[] {
  return [
    { name: receipt.envelope.content?.name ?? '', bytes },
    { name: envelopeFile, bytes: jcsBytes(receipt.envelope) },
    { name: manifestFile, bytes: Buffer.from(receipt.seal.manifest) },
    { name: signatureFile, bytes: Buffer.from(receipt.seal.signature, 'base64') },
  ]
}

const authorities = () => parseCertificates(hub.hub.keys.trust.tsaCa)

async function recordOf(one: (typeof sent)[number]): Promise<Buffer> {
  const coverage = await readCoverage(hub.hub.store.reader, one.receipt.proof.index)
  if (!coverage) throw new Error('not archived')
  return coverage.partsOver(filesOf(one)).record
}

/** Verifies each document's record, then with each file changed by a byte, left out, or in bad company. */
async function verifyAll(): Promise<ReturnType<typeof verifyEvidenceRecord>[]> {
  const found = []
  for (const [at, one] of sent.entries()) {
    const record = await recordOf(one)
    const files = filesOf(one).map(({ bytes }) => bytes)
    found.push(verifyEvidenceRecord(record, files, authorities()))
    const refuses = (objects: readonly Uint8Array[]): void =>
      expect(() => verifyEvidenceRecord(record, objects, authorities())).toThrow('about other objects')
    for (const place of files.keys()) {
      refuses(files.map((bytes, index) => (index === place ? changed(bytes) : bytes)))
      refuses(files.filter((_, index) => index !== place))
    }
    refuses([...files, Buffer.from('one more')])
    refuses(filesOf(sent[(at + 1) % sent.length] ?? one).map(({ bytes }) => bytes))
  }
  return found
}

function changed(bytes: Uint8Array, place: number = bytes.length >> 1): Buffer {
  const copy = Buffer.from(bytes)
  copy[place] = (copy[place] ?? 0) ^ 1
  return copy
}

describe('evidence records', () => {
  test('are made once a day is over, one token a day', async () => {
    expect(await readCoverage(hub.hub.store.reader, 0)).toBeUndefined()
    now = Date.parse('2026-11-24T00:05:00Z')
    expect(await archiveNext(hub.hub, '2026-12-31')).toBeUndefined()
    now = Date.parse('2026-11-24T00:11:00Z')
    expect(await archiveNext(hub.hub, '2026-11-22')).toBeUndefined()
    expect(await archiveNext(hub.hub, '2026-12-31')).toMatchObject({ day: '2026-11-23', documents: 3 })
    expect(await archiveNext(hub.hub, '2026-12-31')).toBeUndefined()
    now = Date.parse('2026-11-26T08:00:00Z')
    expect(await archiveNext(hub.hub, '2026-12-31')).toMatchObject({ day: '2026-11-24', documents: 1 })
    expect(await archiveNext(hub.hub, '2026-12-31')).toBeUndefined()
  })

  test('prove each document with exactly its files', async () => {
    const found = await verifyAll()
    expect(found.map(({ times }) => times.map((time) => time.toISOString()))).toEqual([
      ['2026-11-24T00:11:00.000Z'],
      ['2026-11-24T00:11:00.000Z'],
      ['2026-11-24T00:11:00.000Z'],
      ['2026-11-26T08:00:00.000Z'],
    ])
  })

  test('are renewed by one token over all of them', async () => {
    now = Date.parse('2027-11-26T08:00:00Z')
    expect(await renewByTimestamp(hub.hub)).toHaveLength(2)
    for (const { times } of await verifyAll()) expect(times.map((time) => time.getUTCFullYear())).toEqual([2026, 2027])
  })

  test('of others stand when a document is erased, and are renewed without it by a hash tree under SHA-512 and a token again', async () => {
    const [erased] = sent.splice(1, 1)
    if (!erased) throw new Error('nothing was sent')
    await erase(hub.hub, { documents: [erased.receipt.id], decision: 'ESSAI-1' })
    await verifyAll()
    now = Date.parse('2028-11-26T08:00:00Z')
    expect(await renewByHash(hub.hub, '2026-11-23')).toMatchObject([{ documents: 2, damaged: 0 }])
    expect(await renewByHash(hub.hub)).toMatchObject([{ day: '2026-11-24', documents: 1 }])
    expect(await renewByHash(hub.hub)).toEqual([])
    now = Date.parse('2029-11-26T08:00:00Z')
    expect(await renewByTimestamp(hub.hub)).toHaveLength(2)
    for (const { times, rehashed } of await verifyAll()) {
      expect(rehashed).toBe(1)
      expect(times.map((time) => time.getUTCFullYear())).toEqual([2026, 2027, 2028, 2029])
    }
  })

  test('prove nothing with any byte changed, or under another authority', async () => {
    const [one] = sent
    if (!one) throw new Error('nothing was sent')
    const record = await recordOf(one)
    const files = filesOf(one).map(({ bytes }) => bytes)
    for (let place = 0; place < record.length; place += 7)
      expect(() => verifyEvidenceRecord(changed(record, place), files, authorities()), `byte ${place}`).toThrow()
    const other = parseCertificates(hub.hub.keys.trust.sealCa)
    expect(() => verifyEvidenceRecord(record, files, other)).toThrow('trusted authority')
  })
})
