import { leafHash } from '@socle/schemas'
import type { Deposit } from './deposits.ts'
import type { Evidence, TopicRecord } from './evidence.ts'
import { readLeaf, subjectOf } from './leaves.ts'
import { createVerdict, type Verdict } from './verdict.ts'

/** A record as its headers say. */
interface Read {
  readonly record: TopicRecord
  readonly sequence: number
  readonly previous: number
}

/** What each partition carries once repetitions are dropped, by the consumer's rule: known is what is not above the last. */
interface Lane {
  readonly name: string
  readonly kept: readonly Read[]
  readonly dropped: readonly Read[]
}

function lanesOf({ topics }: Pick<Evidence, 'topics'>): readonly Lane[] {
  const lanes = new Map<string, { kept: Read[]; dropped: Read[] }>()
  for (const record of topics) {
    const name = `${record.topic}/${record.partition}`
    const lane = lanes.get(name) ?? { kept: [], dropped: [] }
    lanes.set(name, lane)
    const read = { record, sequence: numberIn(record, 'hub-seq'), previous: numberIn(record, 'hub-prev') }
    const last = lane.kept.at(-1)?.sequence ?? -1
    if (read.sequence <= last) lane.dropped.push(read)
    else lane.kept.push(read)
  }
  return [...lanes].map(([name, lane]) => ({ name, ...lane }))
}

function numberIn({ headers }: TopicRecord, name: string): number {
  return headers[name] === undefined ? Number.NaN : Number(headers[name])
}

/** Each record names the one before it, and the leaf of the log that it brings. */
export function chain(evidence: Evidence): Verdict {
  const verdict = createVerdict('chain')
  const hashes = evidence.log.leaves.map((leaf) => Buffer.from(leafHash(leaf)).toString('hex'))
  for (const { name, kept, dropped } of lanesOf(evidence)) {
    let last = -1
    for (const { record, sequence, previous } of kept) {
      verdict.look()
      const place = `${name} offset ${record.offset}`
      if (!Number.isSafeInteger(sequence)) verdict.fault(`${place}: no hub-seq`)
      else if (previous !== last)
        verdict.fault(`${place}: follows ${previous}, the one before is ${last}: one is missing`)
      last = sequence
    }
    for (const { record, sequence } of [...kept, ...dropped])
      if (record.headers['hub-leaf'] !== hashes[sequence])
        verdict.fault(`${name} offset ${record.offset}: hub-leaf is not that of entry ${sequence}`)
  }
  return verdict.end()
}

/**
 * A consultation, as its senders named it, is the key of its records; they stand on one partition of each topic, in the
 * order of the log. What was dropped had come before. A record that nobody sent has no consultation: phantom says so.
 */
export function order(evidence: Evidence, deposits: ReadonlyMap<string, Deposit>): Verdict {
  const verdict = createVerdict('order')
  const consultations = new Map(
    [...deposits.values()].flatMap(({ entry, sent }) => (entry && sent ? [[entry.index, sent.consultation]] : [])),
  )
  const partitions = new Map<string, string>()
  for (const { name, kept, dropped } of lanesOf(evidence)) {
    const known = new Map(kept.map(({ record, sequence }) => [sequence, record]))
    for (const { record, sequence } of dropped)
      if (known.get(sequence)?.headers['ce_id'] !== record.headers['ce_id'])
        verdict.fault(`${name} offset ${record.offset}: entry ${sequence} comes after a later one`)
    for (const { record, sequence } of [...kept, ...dropped]) {
      const consultation = consultations.get(sequence)
      if (consultation === undefined) continue
      verdict.look()
      const { topic, offset, key, headers } = record
      for (const said of new Set([key, headers['ce_partitionkey']]))
        if (said !== consultation)
          verdict.fault(`${name} offset ${offset}: has the key ${said ?? '(none)'}, is of ${consultation}`)
      const before = partitions.get(`${topic} ${consultation}`) ?? name
      if (before !== name) verdict.fault(`${consultation}: on ${before} and on ${name}`)
      partitions.set(`${topic} ${consultation}`, before)
    }
  }
  return verdict.end()
}

/** Every document and outcome of the log is on its topic, and nothing is there that the log does not hold. */
export function readBack({ run, log, topics }: Evidence): Verdict {
  const verdict = createVerdict('read-back')
  const there = new Set(topics.map(({ topic, headers }) => `${topic} ${headers['hub-seq']} ${headers['ce_id']}`))
  const wanted = new Set<string>()
  if (Object.keys(run.topics).length === 0) return verdict.end()
  log.leaves.forEach((bytes, index) => {
    const leaf = readLeaf(bytes)
    const topic = run.topics[subjectOf(leaf) ?? '']
    if (topic === undefined) return
    verdict.look()
    const place = `${topic} ${index} ${leaf?.id}`
    wanted.add(place)
    if (!there.has(place)) verdict.fault(`entry ${index}: not on ${topic}`)
  })
  for (const place of there) if (!wanted.has(place)) verdict.fault(`${place}: not in the log`)
  return verdict.end()
}
