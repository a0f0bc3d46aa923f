import { describe, expect, test } from 'vitest'
import { type Chain, extend, formatChain, parseStanding } from './chain.ts'

const at = (sequence: number, partition: number, topic = 'tncp.sandbox.awards.v1') => ({ topic, partition, sequence })

const parseChain = (state: string, partitions: number): Chain =>
  parseStanding({ position: 100, state }, partitions).chain

describe('the chain of a partition', () => {
  test('each message names the one before it on its own partition of its own topic', () => {
    const start = parseChain('', 12)
    const { linked } = extend(start, [at(3, 0), at(5, 1), at(6, 0), at(7, 0, 'tncp.sandbox.notices.v1'), at(9, 0)])
    expect(linked.map(({ previous }) => previous)).toEqual([-1, -1, 3, -1, 6])
  })

  test('goes on after a restart where it was saved, and gives the same again from there', () => {
    const first = extend(parseChain('', 12), [at(3, 0), at(5, 1)])
    const saved = formatChain(first.chain)
    const [once, again] = [1, 2].map(() => extend(parseChain(saved, 12), [at(8, 0), at(9, 1)]).linked)
    expect(once?.map(({ previous }) => previous)).toEqual([3, 5])
    expect(again).toEqual(once)
  })

  test('a refused publication leaves the chain as it was', () => {
    const { chain } = extend(parseChain('', 12), [at(3, 0)])
    extend(chain, [at(4, 0)])
    expect(extend(chain, [at(4, 0)]).linked[0]?.previous).toBe(3)
  })

  test('topics with another number of partitions begin a chain of their own', () => {
    const saved = formatChain(extend(parseChain('', 12), [at(3, 0)]).chain)
    expect(extend(parseChain(saved, 6), [at(4, 0)]).linked[0]?.previous).toBe(-1)
  })

  test('and with them the whole log is to come; of the same topics what follows', () => {
    const state = formatChain(parseChain('', 12))
    const positions = [12, 6].map((partitions) => parseStanding({ position: 100, state }, partitions).position)
    expect(positions).toEqual([100, 0])
    expect(parseStanding({ position: 100, state: '' }, 12).position).toBe(0)
    expect(parseStanding({ position: 100, state: '' }, 1).position).toBe(100)
  })
})
