import { randomUUID } from 'node:crypto'
import type { Message } from 'kafkajs'

/** Which record of a partition: its number, the number before it, and the consultation it is of. */
export interface Numbered {
  readonly sequence: number
  readonly previous: number
  readonly consultation: string
}

/** A record as the hub's Kafka adapter writes it: CloudEvents binary mode and the three `hub-` headers. */
export function hubRecord({ sequence, previous, consultation }: Numbered, value?: string): Message {
  const id = randomUUID()
  const document = {
    id,
    kind: 'award',
    buyer: '21690123100011',
    consultation,
    sourceKey: `decp:${sequence}`,
    sender: 'profil-a',
    format: { name: 'decp-json', version: '2.0.4' },
    content: { href: 'http://hub.invalid/x', mediaType: 'application/json', size: 2, sha256: 'ab'.repeat(32) },
  }
  return {
    key: consultation,
    value: value ?? JSON.stringify({ document }),
    headers: {
      'content-type': 'application/json',
      ce_specversion: '1.0',
      ce_id: id,
      ce_source: '//socle.invalid/sandbox/2026h2',
      ce_type: 'fr.tncp.award.recorded.v1',
      ce_subject: consultation,
      ce_partitionkey: consultation,
      ce_time: '2026-11-24T10:15:00.000Z',
      ce_hubseq: String(sequence),
      ce_hubenvironment: 'sandbox',
      'hub-seq': String(sequence),
      'hub-prev': String(previous),
      'hub-leaf': 'cd'.repeat(32),
    },
  }
}

/** Numbers `from` to `to` as one partition's chain, each after the one before. */
export function chainOf(from: number, to: number, consultation: string): Message[] {
  return Array.from({ length: to - from + 1 }, (_, at) =>
    hubRecord({ sequence: from + at, previous: from + at - 1, consultation }),
  )
}
