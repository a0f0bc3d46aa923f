import { expect, test } from 'vitest'
import { layoutOf } from './layout.ts'

const good = { id: '1', acheteur: { id: '2' } }
const told = (root: unknown) =>
  layoutOf(root)
    .findings.filter(({ severity }) => severity === 'reject')
    .map(({ rule, pointer, value }) => [rule, pointer, value])

test.each([
  ['a second list', { marches: { marche: [good] }, marche: [good] }, '/marche', 'marche'],
  ['a list of concessions', { marches: [good], 'contrat-concession': [good] }, '/contrat-concession', undefined],
  ['an unknown list', { marches: { marche: [good] }, 'a/b': [good] }, '/a~1b', 'a/b'],
  ['an unknown word', { marche: [good], foo: 1 }, '/foo', 'foo'],
  ['a list that is none', { marche: [good], 'contrat-concession': null }, '/contrat-concession', undefined],
  ['a name that is empty', { marches: { marche: [good] }, '': [good] }, '/', '""'],
])('%s that is not read refuses the file and is named', (_, root, pointer, value) => {
  const [found, ...more] = told(root)
  expect(more).toEqual([])
  expect(found?.slice(0, 2)).toEqual(['DECP-ROOT', pointer])
  if (value !== undefined) expect(found?.[2]).toBe(value)
  expect(layoutOf(root).records).toHaveLength(1)
})

test('what stands beside an empty list is told too', () => {
  expect(told({ marches: [], marche: [good] }).map(([rule]) => rule)).toEqual(['DECP-NO-RECORD', 'DECP-ROOT'])
})

test('a file may name its schema, and both lists are read without their object', () => {
  expect(told({ $schema: 'x', marches: { marche: [good] } })).toEqual([])
  expect(layoutOf({ marche: [good], 'contrat-concession': [good] }).records).toHaveLength(2)
  expect(told({ marche: [good], 'contrat-concession': [good] })).toEqual([])
})
