import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Receipt } from '@socle/schemas'
import { afterAll, expect, test } from 'vitest'
import { bytesOf, recorded, recordedTrust } from '../testing/scripted-hub.ts'
import { recheck } from './recheck.ts'
import { openReceiptStore, type ReceiptStore } from './receipt-store.ts'

const root = await mkdtemp(join(tmpdir(), 'connector-receipts-'))
afterAll(async () => await rm(root, { recursive: true, force: true }))

const [one, two, three] = recorded.accepted
const contents = new Map([one, two, three].map((deposit) => [deposit.body.id, bytesOf(deposit)]))
const contentOf = async ({ id }: Receipt): Promise<Uint8Array | undefined> => contents.get(id)

async function filled(): Promise<ReceiptStore> {
  const store = await openReceiptStore(await mkdtemp(join(root, 'store-')))
  for (const [i, deposit] of [one, two, three].entries())
    await store.put({ key: `clé ${i} /../ "x"`, kind: 'award', receipt: deposit.body })
  return store
}

test('a receipt is found by its key, whatever characters the key holds, also after a restart', async () => {
  const { directory } = await filled()
  const store = await openReceiptStore(directory)
  expect(await store.find('clé 1 /../ "x"')).toEqual({ key: 'clé 1 /../ "x"', kind: 'award', receipt: two.body })
  expect(await store.find('another')).toBeUndefined()
})

test('the kept file is the receipt alone, as anybody can verify it', async () => {
  const { directory } = await filled()
  const text = await readFile(join(directory, `${one.body.id}.receipt.json`), 'utf8')
  expect(JSON.parse(text)).toEqual(one.body)
})

test('a second receipt under one key is kept and reported, and the first stays', async () => {
  const store = await filled()
  const other = recorded.ofAnother.body
  const key = 'clé 0 /../ "x"'
  await expect(store.put({ key, kind: 'award', receipt: other })).rejects.toMatchObject({ code: 'RECEIPT_CONFLICT' })
  expect((await store.find(key))?.receipt.id).toBe(one.body.id)
  expect(await readFile(join(store.directory, `${other.id}.receipt.json`), 'utf8')).toContain(other.id)
})

test('checking again proves every receipt, with its document or without', async () => {
  const { directory } = await filled()
  expect(await recheck(directory, recordedTrust, contentOf)).toEqual({
    proved: 3,
    provedWithoutContent: 0,
    failures: [],
  })
  expect(await recheck(directory, recordedTrust, async () => undefined)).toMatchObject({ provedWithoutContent: 3 })
})

test('checking again finds an altered receipt, a wrong document, a lost receipt and a torn file', async () => {
  const { directory } = await filled()
  const file = (deposit: { body: Receipt }): string => join(directory, `${deposit.body.id}.receipt.json`)
  await writeFile(file(one), JSON.stringify({ ...one.body, state: 'refused' }))
  await rm(file(three))
  await writeFile(join(directory, `${recorded.ofAnother.body.id}.receipt.json`), '{"format":"socle-rec')
  const report = await recheck(directory, recordedTrust, async () => Buffer.from('other bytes'))
  expect(report.proved + report.provedWithoutContent).toBe(0)
  expect(report.failures.map(({ reason }) => reason).sort()).toEqual([
    'not proved: content',
    'not proved: shape',
    expect.stringContaining('not proved: state'),
    `receipt ${three.body.id} is missing`,
  ])
})

test('a damaged key file is a failure and stops what relies on it', async () => {
  const store = await filled()
  for (const name of await readdir(join(store.directory, 'keys')))
    await writeFile(join(store.directory, 'keys', name), '{')
  await expect(store.find('clé 0 /../ "x"')).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
  expect((await recheck(store.directory, recordedTrust, contentOf)).failures).toMatchObject([{ what: 'keys' }])
})
