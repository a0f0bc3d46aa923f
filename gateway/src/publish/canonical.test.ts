import type { Canonical } from '@socle/mappings'
import { expect, test } from 'vitest'
import { createCanonicals } from './canonical.ts'

const form = {} as Canonical

test('the oldest forms are forgotten when there are too many, or when they weigh too much together', () => {
  const canonicals = createCanonicals({ documents: 3, bytes: 100 })
  const known = (): string => ['a', 'b', 'c', 'd', 'e', 'f'].filter((id) => canonicals.get(id)).join('')
  for (const id of 'abcd') canonicals.put(id, form, 10)
  expect(known()).toBe('bcd')
  canonicals.put('e', form, 85)
  expect(known()).toBe('de')
  canonicals.put('e', form, 20)
  canonicals.put('f', form, 70)
  expect(known()).toBe('def')
  canonicals.put('a', form, 101)
  expect(known()).toBe('')
})
