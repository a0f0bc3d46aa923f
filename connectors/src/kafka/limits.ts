/** Every limit of a consumer of the hub's topics. */
export interface ConsumerLimits {
  /** Tries of the handler on one event before its consultation is parked. */
  readonly handlerTries: number
  /** First wait between two tries of the handler; it doubles. */
  readonly firstWaitMs: number
  readonly longestWaitMs: number
  /** Events that may be parked, of all consultations together. Full: the partition stops, nothing is dropped. */
  readonly parkedEvents: number
  /** Bytes of keys, headers and values that may be parked. They are held in memory as well as on disk. */
  readonly parkedBytes: number
  /** First wait before a parked consultation is tried again; it doubles. */
  readonly parkFirstMs: number
  readonly parkLongestMs: number
  /** Bytes fetched of a partition at a time. A larger record is still fetched, alone. */
  readonly fetchBytes: number
  /** Time the broker may hold a fetch open when there is nothing. */
  readonly fetchWaitMs: number
  /** A partition whose records take longer than this is set aside, so that the others are fetched meanwhile. */
  readonly patienceMs: number
  /** Without a heartbeat for this long the broker counts this consumer as gone. */
  readonly sessionMs: number
  /** Progress is told to the broker this often, for whoever watches the lag. */
  readonly commitEveryMs: number
  /** Longest wait before another try to reach brokers that do not answer. */
  readonly reconnectMs: number
}

export const consumerLimits: ConsumerLimits = {
  handlerTries: 5,
  firstWaitMs: 500,
  longestWaitMs: 30_000,
  parkedEvents: 10_000,
  parkedBytes: 67_108_864,
  parkFirstMs: 60_000,
  parkLongestMs: 3_600_000,
  fetchBytes: 1_048_576,
  fetchWaitMs: 500,
  patienceMs: 250,
  sessionMs: 15_000,
  commitEveryMs: 5_000,
  reconnectMs: 30_000,
}
