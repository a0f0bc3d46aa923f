import type { KafkaRecord } from '../kafka/record.ts'
import type { RecordSource, SourceSettings, Start } from '../kafka/source.ts'

/** A broker of a test: holds records by partition and gives them in batches, as asked. */
export interface ScriptedSource {
  readonly open: (settings: SourceSettings) => RecordSource
  /** Appends; whoever reads that partition gets it. */
  write(...records: readonly KafkaRecord[]): void
  /** The group gives its partitions again, as after a rebalance. */
  rejoin(): void
  readonly committed: Map<number, number>
}

export function scriptSource(batchSize = 10): ScriptedSource {
  const held = new Map<number, KafkaRecord[]>()
  const readers = new Map<number, number>()
  const committed = new Map<number, number>()
  let settings: SourceSettings | undefined

  const pump = (partition: number): void => {
    const from = readers.get(partition)
    const batch = (held.get(partition) ?? []).filter(({ offset }) => offset >= (from ?? Infinity)).slice(0, batchSize)
    const [first] = batch
    if (!settings || !first) return
    readers.delete(partition)
    void settings.receive({ topic: first.topic, partition }, batch)
  }
  const read = ({ partition, offset }: Start): void => {
    readers.set(partition, offset)
    setImmediate(() => pump(partition))
  }
  const rejoin = (): void => {
    const places = [...held].map(([partition, [first]]) => ({ topic: first?.topic ?? '', partition }))
    readers.clear()
    settings?.assigned(places).forEach(read)
  }
  return {
    committed,
    rejoin,
    open(asked) {
      settings = asked
      setImmediate(rejoin)
      return {
        resume: read,
        commit: async (starts) => starts.forEach(({ partition, offset }) => committed.set(partition, offset)),
        close: async () => void (settings = undefined),
      }
    },
    write(...records) {
      for (const record of records) {
        held.set(record.partition, [...(held.get(record.partition) ?? []), record])
        pump(record.partition)
      }
    },
  }
}
