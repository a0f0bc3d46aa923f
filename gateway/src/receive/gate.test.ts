import { describe, expect, test } from 'vitest'
import type { HubError } from '../errors.ts'
import type { Lane } from '../fair-queue.ts'
import { createGate } from './gate.ts'

const limits = { inHand: { common: 2, urgent: 1 }, places: { common: 4, urgent: 4 } }

interface HandMade {
  readonly started: readonly string[]
  readonly work: (name: string) => () => Promise<string>
  readonly end: (name: string) => Promise<void>
}

const aTurn = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve))

/** Works that end when told to. */
function handMade(): HandMade {
  const started: string[] = []
  const ends = new Map<string, () => void>()
  return {
    started,
    work: (name) => async () => {
      started.push(name)
      await new Promise<void>((end) => ends.set(name, end))
      return name
    },
    end: async (name) => {
      ends.get(name)?.()
      await aTurn()
    },
  }
}
const offer = (account: string, lane: Lane = 'common') => ({ account, lane, cost: 1 })
const settled = async (all: readonly Promise<unknown>[]): Promise<readonly string[]> =>
  (await Promise.allSettled(all)).map((one) =>
    one.status === 'fulfilled' ? String(one.value) : (one.reason as HubError).code,
  )

describe('the gate', () => {
  test('lets so many through at a time, the others by account in turn', async () => {
    const { started, work, end } = handMade()
    const gate = createGate(limits)
    const all = ['a1', 'a2', 'a3', 'a4', 'b1'].map((name) => gate.pass(offer(name.slice(0, 1)), work(name)))
    await aTurn()
    expect(started).toEqual(['a1', 'a2'])
    expect(gate.waiting).toBe(3)
    for (const name of ['a1', 'a2', 'a3', 'b1', 'a4']) await end(name)
    expect(started).toEqual(['a1', 'a2', 'a3', 'b1', 'a4'])
    expect(await settled(all)).toEqual(['a1', 'a2', 'a3', 'a4', 'b1'])
  })

  test('keeps hands for the urgent lane', async () => {
    const { started, work, end } = handMade()
    const gate = createGate(limits)
    const all = [
      gate.pass(offer('a'), work('a1')),
      gate.pass(offer('a'), work('a2')),
      gate.pass(offer('a'), work('a3')),
      gate.pass(offer('c', 'urgent'), work('u1')),
      gate.pass(offer('c', 'urgent'), work('u2')),
    ]
    await aTurn()
    expect(started).toEqual(['a1', 'a2', 'u1'])
    await end('a1')
    expect(started.at(-1)).toBe('u2')
    for (const name of ['a2', 'u1', 'u2', 'a3']) await end(name)
    expect(await settled(all)).toEqual(['a1', 'a2', 'a3', 'u1', 'u2'])
  })

  test('a full gate refuses with a delay; the newest of the account that holds most goes for one that holds less', async () => {
    const { started, work, end } = handMade()
    const gate = createGate(limits)
    const flood = Array.from({ length: 8 }, (_, i) => gate.pass(offer('a'), work(`a${i}`)))
    const small = gate.pass(offer('b'), work('b0'))
    const refused = (await Promise.allSettled(flood.slice(5))).map(
      (one) => (one as PromiseRejectedResult).reason as HubError,
    )
    expect(refused.map(({ code, details }) => [code, details.retryAfterSeconds])).toEqual(
      Array.from({ length: 3 }, () => ['OVERLOADED', 2]),
    )
    for (const name of ['a0', 'a1', 'a2', 'b0', 'a3', 'a4']) await end(name)
    expect(await settled([...flood.slice(0, 5), small])).toEqual(['a0', 'a1', 'a2', 'a3', 'a4', 'b0'])
    expect(started).not.toContain('a5')
  })

  test('work that fails gives its place back', async () => {
    const gate = createGate({ inHand: { common: 1, urgent: 0 }, places: { common: 9, urgent: 1 } })
    const fails = async (): Promise<never> => await Promise.reject(new Error('unreadable'))
    for (let i = 0; i < 3; i++) await expect(gate.pass(offer('a'), fails)).rejects.toThrow('unreadable')
    expect(await gate.pass(offer('a'), async () => await Promise.resolve('read'))).toBe('read')
  })
})
