import { expect, test } from 'vitest'
import { idOf, rawEvent } from '../testing/events.ts'
import { parseEvent } from './hub-event.ts'

test('an event is read, its subject said, and members of a later hub are left out', () => {
  const event = parseEvent(rawEvent(7, { later: 'member' }))
  expect(event).toMatchObject({ id: idOf(7), hubseq: 7, subject: 'award', consultation: 'C-1' })
  expect(event.document).toMatchObject({ kind: 'award', sender: 'profil-a' })
  expect(JSON.stringify(event)).not.toContain('elsewhere')
})

test('a result is an event about a document, of subject outcome', () => {
  const { document } = rawEvent(3)['data'] as { document: unknown }
  const outcome = { id: idOf(9), by: 'profil-b', result: 'published', url: 'https://b.example/avis/1' }
  const event = parseEvent(rawEvent(9, { data: { document, outcome } }))
  expect(event).toMatchObject({ subject: 'outcome', outcome, document: { id: idOf(3) } })
})

test('an erasure says so, and of the document what is left', () => {
  const { document } = rawEvent(3)['data'] as { document: Record<string, unknown> }
  const { content: _content, sourceKey: _sourceKey, ...left } = document
  const erased = { at: '2026-03-01T08:00:00.000Z', decision: '2026-17' }
  const event = parseEvent(rawEvent(9, { type: 'fr.tncp.document.erased.v1', data: { document: left, erased } }))
  expect(event).toMatchObject({ subject: 'award', erased, document: { id: idOf(3) } })
  expect(event.document.content).toBeUndefined()
  expect(() => parseEvent(rawEvent(9, { data: { document: left } }))).toThrow('ANSWER_INVALID')
})

test.each([
  ['no object', []],
  ['another version', rawEvent(1, { specversion: '0.3' })],
  ['an id that is a path', rawEvent(1, { id: '../../etc/passwd' })],
  ['a number that is none', rawEvent(1, { hubseq: '1' })],
  ['a negative number', rawEvent(1, { hubseq: -1 })],
  ['no data', rawEvent(1, { data: null })],
  ['an unknown kind', rawEvent(1, { data: { document: { id: idOf(1), kind: 'invoice' } } })],
])('%s is refused', (_name, value) => {
  expect(() => parseEvent(value)).toThrow('ANSWER_INVALID')
})
