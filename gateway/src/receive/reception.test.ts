import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import type { Lane } from '../fair-queue.ts'
import { type Body, createReception, type Reception } from './reception.ts'

function bodyOf(length?: number): Body & Pick<EventEmitter, 'emit'> {
  const headers = length === undefined ? { 'transfer-encoding': 'chunked' } : { 'content-length': String(length) }
  return Object.assign(new EventEmitter(), { headers, destroyed: false })
}

/** Ends the body, or what was said in place of taking it. */
function begin(reception: Reception, account: string, length?: number, lane: Lane = 'common'): (() => void) | string {
  const body = bodyOf(length)
  try {
    reception.begin(account, lane, body)
  } catch (error) {
    return (error as { code: string }).code
  }
  return () => {
    for (const event of ['end', 'close']) body.emit(event)
  }
}

const newReception = (): Reception => createReception({ bytes: 400, largest: 250 })
const taken = expect.any(Function) as unknown

test('what is on its way in is bounded by what it announces, and has its place back when it is there', () => {
  const reception = newReception()
  const first = begin(reception, 'a', 200)
  expect(first).toEqual(taken)
  expect(begin(reception, 'b', 101)).toBe('OVERLOADED')
  expect(begin(reception, 'b', 100)).toEqual(taken)
  expect(begin(reception, 'c', 1)).toBe('OVERLOADED')
  if (typeof first === 'function') first()
  expect(begin(reception, 'c', 200)).toEqual(taken)
})

test('a body alone may be as large as any; without a length it counts for the largest', () => {
  const reception = createReception({ bytes: 100, largest: 250 })
  const alone = begin(reception, 'a')
  expect(alone).toEqual(taken)
  expect(begin(reception, 'b', 1)).toBe('OVERLOADED')
  if (typeof alone === 'function') alone()
  expect(begin(reception, 'b', 1)).toEqual(taken)
})

test('an account has a quarter for several bodies, and a quarter of all is kept for the urgent lane', () => {
  const reception = newReception()
  expect(begin(reception, 'a', 90)).toEqual(taken)
  expect(begin(reception, 'a', 11)).toBe('OVERLOADED')
  expect(begin(reception, 'a', 10)).toEqual(taken)
  expect(begin(reception, 'b', 200)).toEqual(taken)
  expect(begin(reception, 'c', 1)).toBe('OVERLOADED')
  expect(begin(reception, 'c', 100, 'urgent')).toEqual(taken)
})
