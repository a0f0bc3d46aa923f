import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isObject, type Json } from '../kit/answers.ts'
import { openDirectory, readIfThere, removeDurably, writeDurably } from '../kit/durable-file.ts'
import { HubClientError } from '../kit/hub-client-error.ts'
import type { ConsumerLimits } from './limits.ts'
import { type KafkaRecord, keepRecord, type KeptRecord, recordOf } from './record.ts'

/** A record that waits because its consultation cannot be handled now. */
export interface Parked {
  /** Order of arrival. */
  readonly number: number
  readonly consultation: string
  readonly record: KafkaRecord
  /** Why the first of its consultation failed; of the later ones, that they follow it. */
  readonly reason: string
  readonly bytes: number
}

/** Consultations set aside, each in order, on disk. Bounded: `hasRoom` says no before anything would be dropped. */
export interface Park {
  has(consultation: string): boolean
  hasRoom(record: KafkaRecord): boolean
  /** Durable when it resolves. The same record again, after a crash, is parked once. */
  add(consultation: string, record: KafkaRecord, reason: string): Promise<void>
  /** Those of one consultation, oldest first. */
  of(consultation: string): readonly Parked[]
  /** Durable when it resolves. */
  remove(parked: Parked): Promise<void>
  consultations(): readonly string[]
}

/** @throws HubClientError FILE_UNREADABLE: a damaged file is not an absent one */
export async function openPark(
  directory: string,
  limits: Pick<ConsumerLimits, 'parkedEvents' | 'parkedBytes'>,
): Promise<Park> {
  await openDirectory(directory)
  const all = new Map<number, Parked>()
  for (const name of (await readdir(directory)).sort())
    if (name.endsWith('.json')) {
      const parked = read(Number.parseInt(name, 10), await readIfThere(join(directory, name)), name)
      all.set(parked.number, parked)
    }
  let last = Math.max(0, ...all.keys())
  const path = (number: number): string => join(directory, `${String(number).padStart(15, '0')}.json`)
  const of = (consultation: string): Parked[] =>
    [...all.values()].filter((parked) => parked.consultation === consultation)
  return {
    has: (consultation) => of(consultation).length > 0,
    hasRoom(record) {
      const bytes = [...all.values()].reduce((sum, parked) => sum + parked.bytes, sizeOf(record))
      return all.size < limits.parkedEvents && bytes <= limits.parkedBytes
    },
    async add(consultation, record, reason) {
      if (of(consultation).some((parked) => isSame(parked.record, record))) return
      const number = (last += 1)
      await writeDurably(path(number), `${JSON.stringify({ consultation, reason, record: keepRecord(record) })}\n`)
      all.set(number, { number, consultation, record, reason, bytes: sizeOf(record) })
    },
    of,
    async remove({ number }) {
      await removeDurably(path(number))
      all.delete(number)
    },
    consultations: () => [...new Set([...all.values()].map(({ consultation }) => consultation))],
  }
}

/** The number counts as well: in a topic that was made again, offsets begin again. */
function isSame(one: KafkaRecord, other: KafkaRecord): boolean {
  return (
    one.topic === other.topic &&
    one.partition === other.partition &&
    one.offset === other.offset &&
    one.headers['hub-seq'] === other.headers['hub-seq']
  )
}

function sizeOf({ key, value, headers }: KafkaRecord): number {
  return (key?.length ?? 0) + (value?.length ?? 0) + JSON.stringify(headers).length
}

function read(number: number, bytes: Buffer | undefined, name: string): Parked {
  const value = parse(bytes?.toString('utf8') ?? '')
  const { consultation, reason, record } = value ?? {}
  if (
    typeof consultation !== 'string' ||
    typeof reason !== 'string' ||
    !isKept(record) ||
    !Number.isSafeInteger(number)
  )
    throw new HubClientError('FILE_UNREADABLE', { reason: `parked ${name}` })
  const kept = recordOf(record)
  return { number, consultation, reason, record: kept, bytes: sizeOf(kept) }
}

function isKept(value: unknown): value is KeptRecord & Json {
  if (!isObject(value) || !isObject(value['headers'])) return false
  const { topic, partition, offset, key, value: content } = value
  return (
    typeof topic === 'string' &&
    typeof partition === 'number' &&
    typeof offset === 'number' &&
    [key, content].every((text) => text === undefined || typeof text === 'string') &&
    Object.values(value['headers']).every((text) => typeof text === 'string')
  )
}

function parse(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
