import { createHash } from 'node:crypto'
import { leafHash } from '@socle/schemas'
import { join, type Party, trustOf } from '../flow/party.ts'
import { buyerSiret } from '../support/award.ts'
import { startHub } from '../support/hub.ts'
import { depositsOf } from './check/deposits.ts'
import type { Applied, Evidence, LedgerRow, Run, Step, TopicRecord } from './check/evidence.ts'
import { anAwardOf, anOutcomeOf, aResponseOf, type Document } from './load/documents.ts'

const awards = 12
const consultations = 3

const run: Run = {
  name: 'honest',
  seed: 1,
  topics: Object.fromEntries(
    ['award', 'dume-response', 'outcome'].map((subject) => [subject, `tncp.sandbox.${subject}s.v1`]),
  ),
  subscribers: [
    { name: 'archive', types: ['award', 'dume-response', 'outcome'], mandated: true, ordered: 'consultation' },
    { name: 'stranger', types: ['award'], mandated: false, ordered: 'consultation' },
  ],
}

/**
 * A run in which nothing went wrong: a real log with real receipts, and the topics and subscribers that belong to it.
 * Twelve awards, then a response and an outcome on it.
 */
export async function honestEvidence(): Promise<Evidence> {
  await using hub = await startHub()
  const sender = await join(hub, 'profil-a', { buyers: [buyerSiret] })
  const history: Step[] = []
  for (let i = 0; i < awards; i++)
    await send(sender, history, { key: `key-${i}`, document: anAwardOf(i, `consultation-${i % consultations}`) })
  const response = aResponseOf(awards, 'consultation-1')
  const { id } = await send(sender, history, { key: 'key-response', document: response })
  const reporter = await join(hub, 'archive', { buyers: [buyerSiret] })
  await send(reporter, history, { key: 'key-outcome', document: anOutcomeOf(1, id, response.consultation) })
  const { reader } = hub.hub.store
  const rows = await reader.selectFrom('entries').selectAll().orderBy('idx').execute()
  const keys = await reader.selectFrom('idempotency_keys').selectAll().execute()
  const ledger = rows.map(({ idx, id, kind }): LedgerRow => {
    const own = keys.find((row) => row.idx === idx)
    return { idx, id, kind, ...(own ? { account: own.account, key: own.key } : {}) }
  })
  const head = await reader.selectFrom('ledger_head').select('checkpoint').executeTakeFirstOrThrow()
  const leaves = rows.map(({ leaf }) => leaf)
  const told = happeningsOf(history, leaves)
  return {
    run,
    history,
    log: { checkpoint: head.checkpoint, trust: await trustOf(hub), leaves },
    ledger,
    topics: topicsOf(told),
    applied: run.subscribers.flatMap(({ name, types }) =>
      told.filter(({ kind }) => types.includes(kind)).map((one) => appliedBy(name, one)),
    ),
  }
}

interface Sending {
  readonly key: string
  readonly document: Document
}

async function send(party: Party, history: Step[], { key, document }: Sending): Promise<{ readonly id: string }> {
  const { kind, consultation, body, secrets, about } = document
  const op = kind === 'outcome' ? 'outcome' : 'deposit'
  const attempt = { at: history.length, process: 'test', op, account: party.id, key } as const
  const sent = { kind, consultation, content: body.toString('base64'), ...(secrets ? { secrets } : {}) }
  history.push({ ...attempt, type: 'invoke', sent })
  const headers = { 'idempotency-key': key, 'content-type': document.mediaType, 'hub-consultation': consultation }
  const path = kind === 'outcome' ? `/v1/documents/${about}/outcomes` : `/v1/${kind}s`
  const answer = await party.ask(path, { method: 'POST', headers, body })
  if (answer.status !== 201) throw new Error(answer.text)
  history.push({ ...attempt, type: 'ok', status: answer.status, receipt: answer.text })
  return answer.json<{ id: string }>()
}

interface Told {
  readonly kind: string
  readonly id: string
  readonly index: number
  readonly consultation: string
  readonly leaf: Uint8Array
  /** Members of the event's data, the canonical form aside. */
  readonly data: Readonly<Record<string, unknown>>
}

function happeningsOf(history: readonly Step[], leaves: readonly Uint8Array[]): readonly Told[] {
  return [...depositsOf({ history }).values()].flatMap(({ sent, entry }) => {
    const leaf = entry && leaves[entry.index]
    if (!sent || !leaf) return []
    const { kind, consultation } = sent
    return { kind, ...entry, consultation, leaf, data: { document: { id: entry.id, kind } } }
  })
}

/** Two partitions, told by the consultation. */
function topicsOf(told: readonly Told[]): readonly TopicRecord[] {
  const last = new Map<string, number>()
  const records: TopicRecord[] = []
  for (const { kind, id, index, consultation, leaf, data } of told) {
    const topic = run.topics[kind] ?? ''
    const partition = (createHash('sha256').update(consultation).digest()[0] ?? 0) % 2
    const headers = {
      ce_id: id,
      ce_partitionkey: consultation,
      'hub-seq': String(index),
      'hub-prev': String(last.get(`${topic}/${partition}`) ?? -1),
      'hub-leaf': Buffer.from(leafHash(leaf)).toString('hex'),
    }
    const offset = records.filter((record) => record.topic === topic && record.partition === partition).length
    records.push({ topic, partition, offset, key: consultation, headers, value: JSON.stringify(data) })
    last.set(`${topic}/${partition}`, index)
  }
  return records
}

function appliedBy(subscriber: string, { id, index, consultation, data }: Told): Applied {
  return { subscriber, id, sequence: index, consultation, text: JSON.stringify({ id, ...data }) }
}
