import { beforeAll, describe, expect, test } from 'vitest'
import type { Evidence, Sent, TopicRecord } from './check/evidence.ts'
import { judge } from './check/judge.ts'
import { honestEvidence } from './honest-evidence.ts'

let honest: Evidence
beforeAll(async () => {
  honest = await honestEvidence()
})

/** Names of the verdicts that found something in doctored evidence. */
function found(evidence: Partial<Evidence>): readonly string[] {
  const { verdicts, holds } = judge({ ...honest, ...evidence })
  const failed = verdicts.filter(({ checked, faults }) => faults > 0 || checked === 0).map(({ name }) => name)
  expect(holds).toBe(failed.length === 0)
  return failed
}

const without = <T>(items: readonly T[], ...places: readonly number[]): T[] =>
  items.filter((_, place) => !places.map((at) => (at < 0 ? items.length + at : at)).includes(place))
const split = <T>(items: readonly T[], is: (item: T) => boolean): [T[], T[]] => [
  items.filter(is),
  items.filter((item) => !is(item)),
]
const changed = <T>(items: readonly T[], place: number, change: Partial<T>): T[] =>
  items.map((item, at) => (at === place ? { ...item, ...change } : item))

test('finds nothing in an honest run, and looked at all of it', () => {
  const { verdicts, holds, acknowledged, attempts } = judge(honest)
  expect(verdicts.filter(({ faults }) => faults > 0)).toEqual([])
  expect(verdicts.map(({ name, checked }) => [name, checked])).toEqual([
    ['answered', 14],
    ['lost', 14],
    ['phantom', 14],
    ['duplicate', 14],
    ['sequence', 16],
    ['proof', 14],
    ['chain', 14],
    ['order', 14],
    ['read-back', 14],
    ['applied', 26],
    ['confidential', 40],
  ])
  expect([holds, acknowledged, attempts]).toEqual([true, 14, 14])
})

describe('answers', () => {
  test('a run in which nothing was acknowledged fails', () => {
    const history = honest.history.filter(({ type }) => type === 'invoke')
    expect(found({ history })).toContain('answered')
    expect(found({ history: [] })).toContain('answered')
  })

  test('a clear no, and a key without any clear answer', () => {
    const step = honest.history[0] ?? expect.fail('no step')
    expect(found({ history: [...honest.history, { ...step, type: 'fail', status: 409 }] })).toEqual(['answered'])
    expect(found({ history: [...honest.history, { ...step, key: 'open' }] })).toEqual(['answered'])
  })
})

describe('the log', () => {
  test('lost: acknowledged, and the log ends before it', () => {
    const cut = { ...honest.log, leaves: without(honest.log.leaves, -1) }
    expect(found({ log: cut })).toContain('lost')
  })

  test('lost: another entry stands at its place', () => {
    const leaves = [...honest.log.leaves]
    leaves.copyWithin(5, 6, 7)
    expect(found({ log: { ...honest.log, leaves } })).toEqual(expect.arrayContaining(['lost', 'duplicate', 'proof']))
  })

  test('phantom: a document that nobody sent', () => {
    const history = honest.history.filter(({ key }) => key !== 'key-3')
    expect(found({ history })).toEqual(['phantom'])
  })

  test('phantom: a document without a key', () => {
    const ledger = honest.ledger.map(({ idx, id, kind, account, key }) =>
      idx === 4 || key === undefined ? { idx, id, kind } : { idx, id, kind, key, ...(account ? { account } : {}) },
    )
    expect(found({ ledger })).toEqual(['phantom'])
  })

  test('duplicate: two receipts of one key, and one key in two rows', () => {
    const [first, second] = honest.history.filter(({ type }) => type === 'ok')
    const again = changed([first ?? expect.fail('no receipt')], 0, { receipt: second?.receipt ?? '' })
    expect(found({ history: [...honest.history, ...again] })).toEqual(['duplicate'])
    expect(found({ ledger: changed(honest.ledger, 4, { key: 'key-1' }) })).toEqual(['duplicate'])
  })

  test('sequence: a gap, and a number that does not start at 0', () => {
    expect(found({ ledger: without(honest.ledger, 5) })).toEqual(['phantom', 'sequence'])
    expect(found({ ledger: honest.ledger.map((row) => ({ ...row, idx: row.idx + 1 })) })).toContain('sequence')
  })

  test('sequence: above the exported head only the mark of its time stamp may stand', () => {
    const next = { idx: honest.ledger.length, id: 'mark', kind: 'ts' }
    expect(found({ ledger: [...honest.ledger, next] })).toEqual([])
    expect(found({ ledger: [...honest.ledger, { ...next, kind: 'doc' }] })).toEqual(['sequence'])
  })

  test('proof: one bit of a leaf, of a receipt, of the bytes, of the checkpoint', () => {
    const leaves = honest.log.leaves.map((leaf, at) => (at === 7 ? Buffer.from(leaf).fill('0', 30, 31) : leaf))
    expect(found({ log: { ...honest.log, leaves } })).toContain('proof')
    const place = honest.history.findIndex(({ type }) => type === 'ok')
    const receipt = (honest.history[place]?.receipt ?? '').replace('"salt":"', '"salt":"A')
    expect(found({ history: changed(honest.history, place, { receipt }) })).toEqual(['proof'])
    const sent = { kind: 'award', consultation: 'consultation-0', content: Buffer.from('other').toString('base64') }
    expect(found({ history: changed(honest.history, 0, { sent }) })).toEqual(['proof'])
    const checkpoint = honest.log.checkpoint.replace(/\n\d+\n/, '\n4\n')
    expect(found({ log: { ...honest.log, checkpoint } })).toEqual(['proof'])
  })
})

describe('topics', () => {
  /** Place of the second record of a partition: it has one before and some after it. */
  const second = (): number => honest.topics.findIndex(({ offset }) => offset === 1)

  test('a repetition in a row is no fault', () => {
    const at = second()
    const again = honest.topics.slice(0, at + 1)
    expect(found({ topics: [...again, ...again, ...honest.topics.slice(at + 1)] })).toEqual([])
  })

  test('chain: a record is missing, and a leaf is another', () => {
    expect(found({ topics: without(honest.topics, second()) })).toEqual(['chain', 'read-back'])
    const headers = { ...honest.topics[second()]?.headers, 'hub-leaf': '00' }
    expect(found({ topics: changed(honest.topics, second(), { headers }) })).toEqual(['chain'])
  })

  test('order: an entry comes after a later one', () => {
    const { topic, partition } = honest.topics[second()] ?? expect.fail('no record')
    const [own, others] = split(honest.topics, (one) => one.topic === topic && one.partition === partition)
    const [first, next, ...rest] = own as [TopicRecord, TopicRecord, ...TopicRecord[]]
    expect(found({ topics: [next, first, ...rest, ...others] })).toEqual(['chain', 'order'])
  })

  test('order: one consultation on two partitions, each with a chain of its own', () => {
    const at = honest.topics.findLastIndex(({ topic }) => topic === honest.run.topics['award'])
    const headers = { ...honest.topics[at]?.headers, 'hub-prev': '-1' }
    expect(found({ topics: changed(honest.topics, at, { partition: 9, headers }) })).toEqual(['order'])
  })

  test('order: every record has the key of another thing than its consultation', () => {
    const keyed = honest.topics.map((record) => ({ ...record, key: record.headers['ce_id'] ?? '' }))
    expect(found({ topics: keyed })).toEqual(['order'])
  })

  test('order: key and ce_partitionkey of one record are those of another consultation, or one of them is', () => {
    const [key, headers] = ['consultation-2', { ...honest.topics[0]?.headers, ce_partitionkey: 'consultation-2' }]
    for (const change of [{ key }, { headers }, { key, headers }])
      expect(found({ topics: changed(honest.topics, 0, change) })).toEqual(['order'])
  })

  test('read-back: the last document is not on its topic, a record is of no entry', () => {
    expect(found({ topics: without(honest.topics, -1) })).toEqual(['read-back'])
    const headers = { ...honest.topics[second()]?.headers, ce_id: 'another' }
    expect(found({ topics: changed(honest.topics, second(), { headers }) })).toEqual(['read-back'])
  })

  test('a run with topics and no record fails', () => {
    expect(found({ topics: [] })).toEqual(['chain', 'order', 'read-back'])
  })
})

describe('subscribers', () => {
  test('applied: never, twice, of another, in another order', () => {
    expect(found({ applied: without(honest.applied, 2) })).toEqual(['applied'])
    expect(found({ applied: [...honest.applied, ...honest.applied.slice(0, 1)] })).toEqual(['applied'])
    expect(found({ applied: changed(honest.applied, 0, { id: 'another' }) })).toEqual(['applied'])
    // The first and the fourth are of the same consultation.
    const swapped = [3, 1, 2, 0].flatMap((at) => honest.applied[at] ?? [])
    expect(found({ applied: [...swapped, ...honest.applied.slice(4)] })).toEqual(['applied'])
  })
})

describe('outcomes', () => {
  test('lost: acknowledged, and another entry stands there', () => {
    const at = honest.history.findLastIndex(({ op, type }) => op === 'outcome' && type === 'ok')
    const { index } = JSON.parse(honest.history[at]?.receipt ?? '') as { index: number }
    const receipt = JSON.stringify({ id: honest.ledger[index]?.id, index: index - 1 })
    expect(found({ history: changed(honest.history, at, { receipt }) })).toContain('lost')
  })

  test('phantom, duplicate: one that nobody reported, and one recorded again under its key', () => {
    expect(found({ history: honest.history.filter(({ op }) => op !== 'outcome') })).toEqual(['phantom'])
    const { account, key } = honest.ledger.at(-1) ?? expect.fail('no row')
    const again = { ...(account ? { account } : {}), ...(key ? { key } : {}) }
    expect(found({ ledger: changed(honest.ledger, 0, again) })).toEqual(['duplicate'])
  })

  test('applied: never came, or came twice', () => {
    const at = honest.applied.findIndex(({ id }) => id === honest.ledger.at(-1)?.id)
    expect(found({ applied: without(honest.applied, at) })).toEqual(['applied'])
    expect(found({ applied: [...honest.applied, ...honest.applied.slice(at, at + 1)] })).toEqual(['applied'])
  })
})

describe('confidential', () => {
  const response = (): Sent =>
    honest.history.find(({ sent }) => sent?.kind === 'dume-response')?.sent ?? expect.fail('no response')
  const record = (): number => honest.topics.findIndex(({ topic }) => topic === honest.run.topics['dume-response'])

  test('the bytes, the canonical form, a name of the bidder in a record, in another one, in a header', () => {
    const data = JSON.parse(honest.topics[record()]?.value ?? '') as object
    const leaks: readonly [number, Partial<TopicRecord>][] = [
      [record(), { value: JSON.stringify({ ...data, content: response().content }) }],
      [record(), { value: JSON.stringify({ ...data, canonical: {} }) }],
      [record(), { value: Buffer.from(response().content, 'base64').toString('utf8') }],
      [0, { value: JSON.stringify({ note: response().secrets?.[0] }) }],
      [0, { headers: { ...honest.topics[0]?.headers, ce_bidder: response().secrets?.[0] ?? '' } }],
    ]
    for (const [at, change] of leaks)
      expect(found({ topics: changed(honest.topics, at, change) })).toEqual(['confidential'])
  })

  test('an event of it reaches who has no mandate, or one with a name reaches who has', () => {
    const event = honest.applied.find(({ text }) => text.includes('"dume-response"')) ?? expect.fail('no event')
    expect(found({ applied: [...honest.applied, { ...event, subscriber: 'stranger' }] })).toEqual([
      'applied',
      'confidential',
    ])
    const text = JSON.stringify({ name: response().secrets?.[0] })
    expect(found({ applied: changed(honest.applied, honest.applied.indexOf(event), { text }) })).toEqual([
      'confidential',
    ])
  })

  test('a run without a confidential document says nothing of them', () => {
    const history = honest.history.map((step) => {
      if (!step.sent) return step
      const { kind, consultation, content } = step.sent
      return { ...step, sent: { kind, consultation, content } }
    })
    expect(found({ history })).toEqual(['confidential'])
  })
})
