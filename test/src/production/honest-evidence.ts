import { createHash } from 'node:crypto'
import { leafHash, parseLeaf, type Receipt } from '@socle/schemas'
import { join, trustOf } from '../flow/party.ts'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub } from '../support/hub.ts'
import type { Evidence, LedgerRow, Step, TopicRecord } from './check/evidence.ts'

const topic = 'tncp.sandbox.awards.v1'
const documents = 12
const consultations = 3

/** A run in which nothing went wrong: a real log with real receipts, and the topics and subscribers that belong to it. */
export async function honestEvidence(): Promise<Evidence> {
  await using hub = await startHub()
  const party = await join(hub, 'profil-a', { buyers: [buyerSiret] })
  const history: Step[] = []
  for (let i = 0; i < documents; i++) {
    const body = anAward({ id: `2026-${i}` })
    const key = `key-${i}`
    const attempt = { at: i, process: 'test', op: 'deposit' as const, account: party.id, key }
    const consultation = `consultation-${i % consultations}`
    const sent = { kind: 'award', consultation, content: Buffer.from(body).toString('base64') }
    history.push({ ...attempt, type: 'invoke', sent })
    const answer = await party.deposit('award', body, { key, headers: { 'hub-consultation': consultation } })
    history.push({ ...attempt, type: 'ok', status: answer.status, receipt: answer.text })
  }
  const { reader } = hub.hub.store
  const rows = await reader.selectFrom('entries').selectAll().orderBy('idx').execute()
  const keys = await reader.selectFrom('idempotency_keys').selectAll().execute()
  const ledger = rows.map(({ idx, id, kind }): LedgerRow => {
    const own = keys.find((row) => row.idx === idx)
    return { idx, id, kind, ...(own ? { account: own.account, key: own.key } : {}) }
  })
  const head = await reader.selectFrom('ledger_head').select('checkpoint').executeTakeFirstOrThrow()
  const topics = topicsOf(history)
  return {
    run: {
      name: 'honest',
      seed: 1,
      topics: { award: topic },
      subscribers: [{ name: 'archive', types: ['award'], ordered: 'consultation' }],
    },
    history,
    log: { checkpoint: head.checkpoint, trust: await trustOf(hub), leaves: rows.map(({ leaf }) => leaf) },
    ledger,
    topics,
    applied: topics.map(({ key, headers }) => ({
      subscriber: 'archive',
      id: headers['ce_id'] ?? '',
      sequence: Number(headers['hub-seq']),
      consultation: key,
    })),
  }
}

/** Two partitions, told by the consultation. */
function topicsOf(history: readonly Step[]): readonly TopicRecord[] {
  const sentOf = new Map(history.flatMap(({ key, sent }) => (sent ? [[key, sent] as const] : [])))
  const last = new Map<number, number>()
  const records: TopicRecord[] = []
  for (const { key, receipt: text } of history) {
    if (text === undefined) continue
    const { leaf, proof } = JSON.parse(text) as Receipt
    const consultation = sentOf.get(key)?.consultation ?? ''
    const partition = (createHash('sha256').update(consultation).digest()[0] ?? 0) % 2
    const headers = {
      ce_id: parseLeaf(leaf).id,
      'hub-seq': String(proof.index),
      'hub-prev': String(last.get(partition) ?? -1),
      'hub-leaf': Buffer.from(leafHash(Buffer.from(leaf))).toString('hex'),
    }
    const offset = records.filter((record) => record.partition === partition).length
    records.push({ topic, partition, offset, key: consultation, headers, value: '{}' })
    last.set(partition, proof.index)
  }
  return records
}
