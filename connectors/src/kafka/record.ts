/** One record as Kafka gave it, free of any client library. */
export interface KafkaRecord {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly key: Uint8Array | undefined
  readonly value: Uint8Array | undefined
  /** By lower-case name. A header that comes twice says two things, so it is left out. */
  readonly headers: Readonly<Record<string, string>>
}

/** A record as a line of JSON keeps it; bytes in base64. */
export interface KeptRecord {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly key?: string
  readonly value?: string
  readonly headers: Readonly<Record<string, string>>
}

export function keepRecord({ topic, partition, offset, key, value, headers }: KafkaRecord): KeptRecord {
  return {
    topic,
    partition,
    offset,
    ...(key ? { key: Buffer.from(key).toString('base64') } : {}),
    ...(value ? { value: Buffer.from(value).toString('base64') } : {}),
    headers,
  }
}

export function recordOf({ key, value, ...rest }: KeptRecord): KafkaRecord {
  const bytes = (text: string | undefined): Uint8Array | undefined =>
    text === undefined ? undefined : Buffer.from(text, 'base64')
  return { ...rest, key: bytes(key), value: bytes(value) }
}
