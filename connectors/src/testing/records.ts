import type { KafkaRecord } from '../kafka/record.ts'
import { rawEvent } from './events.ts'

export const topic = 'tncp.sandbox.awards.v1'

interface Asked {
  readonly consultation?: string
  readonly partition?: number
  readonly offset?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly value?: string
}

/** The record of event number n as the hub sends it (binary mode), after the one with number `previous`. */
export function aRecord(n: number, previous: number, asked: Asked = {}): KafkaRecord {
  const { consultation = 'C-1', partition = 0, offset = n, headers = {} } = asked
  const { data, datacontenttype, ...attributes } = rawEvent(n, { partitionkey: consultation, subject: consultation })
  return {
    topic,
    partition,
    offset,
    key: Buffer.from(consultation),
    value: Buffer.from(asked.value ?? JSON.stringify(data)),
    headers: {
      ...Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce_${name}`, String(value)])),
      'content-type': String(datacontenttype),
      'hub-seq': String(n),
      'hub-prev': String(previous),
      'hub-leaf': 'ab'.repeat(32),
      ...headers,
    },
  }
}

/** Records of one partition with these numbers, each linked to the one before, at offsets from 0. */
export function aChain(numbers: readonly number[], consultationOf: (n: number) => string = () => 'C-1'): KafkaRecord[] {
  return numbers.map((n, offset) => aRecord(n, numbers[offset - 1] ?? -1, { offset, consultation: consultationOf(n) }))
}
