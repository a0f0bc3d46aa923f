import { randomBytes } from 'node:crypto'
import { readConfig, wire } from '@socle/gateway'
import { anAward } from '../../support/award.ts'

const batch = 250

/**
 * Fills a ledger up to a number of entries by the store's own append, without judging: what matters is the size of
 * tables and indexes. The relay's cursor is moved past them, for they concern nobody.
 */
export async function growLedger(env: Readonly<Record<string, string>>, size: number): Promise<void> {
  const hub = await wire(readConfig({ ...process.env, ...env, HUB_KAFKA_BROKERS: '' }))
  const { store } = hub
  const content = Buffer.from(anAward())
  const head = async (): Promise<number> =>
    (await store.reader.selectFrom('ledger_head').select('size').executeTakeFirst())?.size ?? 0
  try {
    for (let at = await head(); at < size; at += batch) {
      await store.append(Array.from({ length: batch }, () => entryOf(hub.newId(), content)))
    }
    const position = await head()
    const values = { position, at: hub.clock().toISOString(), state: '' }
    await store.writer
      .insertInto('cursors')
      .values({ name: 'relay', ...values })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ position }))
      .execute()
  } finally {
    await hub.close()
  }
}

type NewEntry = Parameters<Awaited<ReturnType<typeof wire>>['store']['append']>[0][number]

function entryOf(id: string, content: Buffer): NewEntry {
  const account = 'filler'
  const sha256 = randomBytes(32).toString('hex')
  const row = {
    kind: 'award',
    account,
    buyer: '21690123100011',
    consultation: id,
    sourceKey: id,
    format: 'decp-json',
    version: '2.0.4',
    name: 'document.json',
    mediaType: 'application/json',
    sha256,
    content,
  }
  return {
    id,
    kind: 'doc',
    type: 'award',
    at: new Date().toISOString(),
    account,
    leaf: Buffer.from(JSON.stringify({ v: 1, id, kind: 'doc', type: 'award', filler: sha256 }).padEnd(320)),
    envelope: Buffer.from(JSON.stringify({ id }).padEnd(900)),
    salt: randomBytes(16),
    seal: randomBytes(1_500),
    idempotency: { account, key: id, sha256 },
    effects: [{ write: 'document', row }],
  }
}
