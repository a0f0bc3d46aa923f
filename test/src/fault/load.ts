import type { History, Sent } from './history.ts'
import type { Random } from '../support/random.ts'
import type { Sender } from './sender.ts'

export interface Load {
  /** Resolves at the first acknowledgement; false when every sender gave up before. */
  readonly firstAnswer: Promise<boolean>
  /** Resolves when every sender lost its hub. */
  readonly over: Promise<void>
}

/**
 * Senders that go on until the hub is gone: mostly new documents, some repeats of acknowledged ones, and some of
 * documents that another sender has under way at this instant.
 */
export function startLoad(sender: Sender, history: History, random: Random, senders: number): Load {
  let answered: (some: boolean) => void = () => undefined
  const firstAnswer = new Promise<boolean>((resolve) => {
    answered = resolve
  })
  const underWay = new Set<Sent>()
  const known: Sent[] = history.acknowledged()
  const choose = (): Sent => {
    const chance = random.next()
    const earlier = chance < 0.1 ? random.pick(known) : undefined
    const same = chance > 0.95 ? random.pick([...underWay]) : undefined
    return earlier ?? same ?? history.next()
  }
  const one = async (): Promise<void> => {
    while (true) {
      const sent = choose()
      underWay.add(sent)
      try {
        const answer = await sender.deposit(sent.key, sent.body)
        const first = sent.receipt === undefined
        history.take(sent, answer)
        if (sent.receipt !== undefined) answered(true)
        if (first && sent.receipt !== undefined) known.push(sent)
        // An answer that no sender should get is noted; going on as fast as refusals come would prove nothing more.
        else if (sent.receipt === undefined) return
      } catch {
        return
      } finally {
        underWay.delete(sent)
      }
    }
  }
  const over = Promise.all(Array.from({ length: senders }, one)).then(() => answered(false))
  return { firstAnswer, over }
}
