import { expect, test } from 'vitest'
import { decpShape } from './decp/shape.ts'
import { detectJson } from './detect.ts'

const buyer = { acheteur: { id: '21690123100011' } }
const v1 = { ...buyer, id: '2026TVX01400', formePrix: 'Ferme', titulaires: [{ typeIdentifiant: 'SIRET', id: '1' }] }
const dead = { ...buyer, technique: ['Concours'], marcheInnovant: true }
const current = { ...buyer, techniques: { technique: ['Concours'] } }

test.each([
  ['both lists', { marches: { marche: [current], 'contrat-concession': [] } }, 'decp-json', '2.0.4'],
  ['an empty wrapper', { marches: {} }, 'decp-json', '2.0.4'],
  ['nothing to publish', { marches: [] }, 'decp-json', undefined],
  ['a null list', { marches: null }, 'decp-json', undefined],
  ['version 1.5', { marches: [v1] }, 'decp-json', '1.5.0'],
  ['version 2.0.0', { marches: [dead] }, 'decp-json', '2.0.0'],
  ['two versions in one file', { marches: [dead, v1] }, 'decp-json', undefined],
  ['records without their wrapper', { marches: [current] }, 'decp-json', '2.0.4'],
  ['a bare list', [v1, v1], 'decp-json', '1.5.0'],
  ['a bare record', current, 'decp-json', '2.0.4'],
  ['a gazette record', { idweb: '26-000001', dateparution: '2026-03-02' }, 'boamp-json', undefined],
  [
    'a page of the gazette',
    { total_count: 1, results: [{ idweb: '26-1', dateparution: '2026-03-02' }] },
    'boamp-json',
    undefined,
  ],
  ['a schema', { $schema: 'http://json-schema.org/draft-07/schema#', type: 'object' }, 'json-schema', undefined],
  ['a schema that does not say so', { type: 'object', properties: {} }, 'json-schema', undefined],
  ['an empty object', {}, 'unknown', undefined],
  ['a number', 42, 'unknown', undefined],
  ['null', null, 'unknown', undefined],
  ['a list of numbers', [1, 2], 'unknown', undefined],
])('%s is named', (_, value, format, version) => {
  expect(detectJson(value)).toMatchObject({ format, version })
})

test('a schema reference of a data file does not make it a schema', () => {
  expect(
    detectJson({ $schema: 'https://schema.data.gouv.fr/schemas/x/1.5.0/marches.json', marches: [v1] }).format,
  ).toBe('decp-json')
})

test('a concession of version 1.5 has its shape too', () => {
  expect(decpShape({ autoriteConcedante: { id: '1', nom: 'x' }, concessionnaires: [] })).toBe('1.5.0')
  expect(decpShape({ autoriteConcedante: { id: '1' }, considerationsSociales: ['Clause sociale'] })).toBe('2.0.0')
})
