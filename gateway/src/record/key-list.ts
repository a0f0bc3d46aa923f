import { createHash } from 'node:crypto'
import { certificateId, type KeyRecord, logKeyId, parseCertificates, signKeyList } from '@socle/schemas'
import type { Hub } from '../hub.ts'
import type { Reader } from '../store/database.ts'
import { readEntryTimes } from '../store/key-entries.ts'
import { readShards } from '../store/shards.ts'
import type { KeyEvent } from './key-log.ts'

type Needs = Pick<Hub, 'keys' | 'keyLog' | 'clock' | 'store'>

/** The signed list of every key ever used, as of now: `/log/keys.note`, and in each export. */
export async function signedKeyList(hub: Needs): Promise<string> {
  const { origin: name, privateKey } = hub.keys.log
  return signKeyList({ issued: hub.clock(), keys: await keyRecords(hub) }, { name, privateKey })
}

/** What the key directory holds and what the log says, each key once. */
export async function keyRecords({ keys, store, keyLog: { events } }: Needs): Promise<readonly KeyRecord[]> {
  const records = new Map<string, KeyRecord>()
  const put = (record: KeyRecord): void => void records.set(`${record.purpose} ${record.id}`, record)
  for (const vkey of keys.trust.logVkey.split('\n').filter((line) => line.trim() !== ''))
    put({ purpose: 'log', id: logKeyId(vkey.trim()), vkey: vkey.trim() })
  for (const record of await shardRecords(store.reader)) put(record)
  // Before the first change nothing is said of the seal in the log: the one of the directory is the only one.
  if (!events.some(({ key }) => key.purpose === 'seal')) {
    const { certificate, validity } = keys.seal
    put({ purpose: 'seal', id: certificateId(certificate), ...periodOf(validity.from, validity.to) })
  }
  for (const authority of keys.trust.tsaCa === '' ? [] : parseCertificates(keys.trust.tsaCa)) {
    const period = periodOf(new Date(authority.validFrom), new Date(authority.validTo))
    put({ purpose: 'timestamp', id: certificateId(authority), ...period })
  }
  put({ purpose: 'storage', id: storageKeyId(keys.storage.export()) })
  for (const event of events) apply(event, records)
  return [...records.values()]
}

/** Each log of the ledger signed from its first entry to its last, and the next one took over. */
async function shardRecords(reader: Reader): Promise<readonly KeyRecord[]> {
  const shards = await readShards(reader)
  const times = await readEntryTimes(
    reader,
    shards.flatMap(({ first, end }) => (end === undefined ? [first] : [first, end - 1])),
  )
  return shards.map(({ vkey, first, end }, at): KeyRecord => {
    const [from, to, next] = [times.get(first), end === undefined ? undefined : times.get(end - 1), shards[at + 1]]
    return {
      purpose: 'log',
      id: logKeyId(vkey),
      vkey,
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      ...(next === undefined ? {} : { replacedBy: logKeyId(next.vkey) }),
    }
  })
}

function periodOf(from: Date, to: Date): { readonly from: string; readonly to: string } {
  return { from: from.toISOString(), to: to.toISOString() }
}

function apply({ type, key }: KeyEvent, records: Map<string, KeyRecord>): void {
  const { purpose, sha256: id, from, to, replaces, revokedAt, reason } = key
  const place = `${purpose} ${id}`
  const known: KeyRecord | undefined = records.get(place)
  if (type === 'key-revoked') {
    if (known && revokedAt !== undefined) records.set(place, { ...known, revokedAt, reason: reason ?? 'unspecified' })
    return
  }
  // A log key comes with its verifier key, which the trust files hold.
  if (purpose === 'log' && !known) return
  records.set(place, { ...known, purpose, id, ...(from ? { from } : {}), ...(to ? { to } : {}) })
  const replaced = replaces === undefined ? undefined : records.get(`${purpose} ${replaces}`)
  if (replaced && from !== undefined)
    records.set(`${purpose} ${replaced.id}`, { ...replaced, to: before(from), replacedBy: id })
}

/** The last millisecond before an instant: a key signs until the next one does. */
function before(from: string): string {
  return new Date(Date.parse(from) - 1).toISOString()
}

/** Names a storage key without giving it away: 256 random bits cannot be guessed back. */
function storageKeyId(key: Uint8Array): string {
  return createHash('sha256').update('socle-storage-key/v1\n').update(key).digest('hex')
}
