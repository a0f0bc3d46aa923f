/** Where something happened in a topic. */
export interface Place {
  readonly topic: string
  readonly partition: number
}

type At = Place & { readonly offset: number }

/** What an operator must hear of. `loss`, `other-log` and `foreign` stop their partition until `acceptLoss`. */
export type Trouble =
  | (At & { readonly kind: 'loss'; readonly sequence: number; readonly expected: number; readonly previous: number })
  | (At & { readonly kind: 'other-log'; readonly expected: string; readonly source: string })
  | (At & { readonly kind: 'foreign'; readonly reason: string })
  /** The consultation is set aside with everything that follows in it; the others go on. */
  | (At & { readonly kind: 'parked'; readonly consultation: string; readonly reason: string })
  /** The partition stops; it goes on by itself when there is room. */
  | (At & { readonly kind: 'park-full'; readonly consultation: string })
  /** Progress or park cannot be written: the partition waits and tries again. */
  | (Place & { readonly kind: 'storage'; readonly reason: string })
  /** Another consumer uses the group; only one of the two is given records. */
  | { readonly kind: 'group-shared'; readonly groupId: string }
  /** The brokers do not answer, or refuse; tried again without end. */
  | { readonly kind: 'disconnected'; readonly reason: string; readonly failures: number }

export type TroubleKind = Trouble['kind']
