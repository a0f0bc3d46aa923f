// oxlint-disable-next-line no-restricted-imports -- tests read the example documents; the code under test reads nothing
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { examine } from './examine.ts'
import { explain } from './explain.ts'

const documents = join(import.meta.dirname, '../../schemas/examples/documents')
const read = (name: string): Buffer => readFileSync(join(documents, name))

const names = [
  'eforms-cn-16.xml',
  'eforms-can-29.xml',
  'eforms-pin-4.xml',
  'espd-response-4.1.0.xml',
  'espd-request-4.1.0.xml',
  'espd-response-2.1.1.xml',
  'decp-award.json',
  'boamp-fnsimple.json',
]

/** Value at a JSON Pointer. */
function at(value: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>(
      (here, step) => (typeof here === 'object' && here !== null ? (here as Record<string, unknown>)[step] : undefined),
      value,
    )
}

describe.each(names)('%s', (name) => {
  const bytes = read(name)
  const [record] = examine(bytes, { packs: 'none' }).records
  const explanation = explain(bytes)

  test('every field told as present is in the canonical form, with a place in the source', () => {
    const present = explanation?.fields.filter(({ state }) => state === 'present') ?? []
    expect(present.length).toBeGreaterThan(5)
    for (const { field, source } of present) {
      expect(at(record?.canonical, field), field).toBeDefined()
      expect(source, field).toMatch(/^\//)
    }
  })

  test('no field told as absent is in the canonical form', () => {
    for (const { field, state } of explanation?.fields ?? []) {
      if (state === 'absent' || state === 'not-applicable') expect(at(record?.canonical, field), field).toBeUndefined()
    }
  })
})

test('a notice whose namespaces were changed is explained like the original', () => {
  const rebased = Buffer.from(read('eforms-cn-16.xml').toString().replaceAll('urn:oasis:names:', 'urn:boamp:names:'))
  expect(explain(rebased)?.fields).toEqual(explain(read('eforms-cn-16.xml'))?.fields)
})

test('what is not read, or is no document, is not explained', () => {
  expect(explain(Buffer.from('<a/>'))).toBeUndefined()
  expect(explain(Buffer.from('<a>'))).toBeUndefined()
  expect(explain(Buffer.from('{'))).toBeUndefined()
  expect(explain(read('decp-award.json'), 99)).toBeUndefined()
})
