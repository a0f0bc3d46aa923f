import type { KafkaRecord } from './record.ts'
import type { Place } from './trouble.ts'

/** Where the next record of a partition is read. */
export type Start = Place & { readonly offset: number }

export interface SourceSettings {
  readonly topics: readonly string[]
  /**
   * The group gave these partitions, at the start and after each rebalance. Answers where each is to be read from;
   * those left out are not read until `resume`.
   */
  readonly assigned: (places: readonly Place[]) => readonly Start[]
  /** Records of one partition in order. Resolves when they are done; other partitions are fetched meanwhile. */
  readonly receive: (place: Place, records: readonly KafkaRecord[]) => Promise<void>
  readonly groupShared: () => void
  readonly disconnected: (reason: string, failures: number) => void
}

/** What brings records. `kafka-source.ts` is the one that talks to brokers; tests script their own. */
export interface RecordSource {
  /** Reads the partition, from there on. */
  resume(start: Start): void
  /** Tells the broker how far this consumer is. For lag monitoring only: never read back. */
  commit(starts: readonly Start[]): Promise<void>
  /** Leaves the group. Nothing is received afterwards. */
  close(): Promise<void>
}
