// oxlint-disable-next-line no-restricted-imports -- tests read the example documents; the code under test reads nothing
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { FieldExplanation } from '../translation.ts'
import { detectXml } from '../xml/detect.ts'
import { examineXml } from '../xml/examine.ts'
import { passGate } from '../xml/gate.ts'
import { readXml } from '../xml/read.ts'
import { explainRequest, explainResponse, unreadIn } from './explain.ts'

const examples = join(import.meta.dirname, '../../../schemas/examples/documents')
const read = (name: string): string => readFileSync(join(examples, `espd-${name}.xml`), 'utf8')

interface Explained {
  readonly fields: readonly FieldExplanation[]
  readonly unread: readonly string[]
  readonly canonical: unknown
}

function explained(text: string): Explained {
  const bytes = Buffer.from(text)
  const gated = passGate(bytes)
  if ('findings' in gated) throw new Error(JSON.stringify(gated.findings))
  using passed = gated
  const root = readXml(passed.text, passed.elements)
  const detected = detectXml(root)
  const explain = detected.format === 'espd-request' ? explainRequest : explainResponse
  const { records } = examineXml(bytes, { packs: 'none' })
  return { fields: explain(root, detected), unread: unreadIn(root, detected), canonical: records[0]?.canonical }
}

function valueAt(value: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce((at, name) => (at as Record<string, unknown> | undefined)?.[name], value)
}

/** The pointers of all values that are not objects or lists. */
function leaves(value: unknown, at = ''): string[] {
  if (typeof value !== 'object' || value === null) return [at]
  return Object.entries(value).flatMap(([name, inner]) => leaves(inner, `${at}/${name}`))
}

/** Made by the hub, or kept with the field beside it: attributes, keys, counts. */
const withoutPlace =
  /\/(?:kind|key|when|family|scheme|agency|issuer|procedureIssuer|completeness\/.*|sourceCode|list|listAgency|listVersion|currency|unit|version)$|^\/edm\/version$/

test.each(['response-4.1.0', 'response-2.1.1', 'request-4.1.0'])('every value of %s has its place', (name) => {
  const { fields, canonical } = explained(read(name))
  const present = fields.filter(({ state }) => state === 'present').map(({ field }) => field)
  const told = (pointer: string): boolean =>
    present.some((field) => pointer === field || pointer.startsWith(`${field}/`))
  const untold = leaves(canonical).filter((pointer) => !withoutPlace.test(pointer) && !told(pointer))
  expect(
    untold.filter((pointer) => !/\/answers\/\d+\/(?:sourceId|lot|confidentiality)$|\/sourceId$/.test(pointer)),
  ).toEqual([])
  for (const field of present) expect(valueAt(canonical, field), field).toBeDefined()
})

test('an absent field is told with the place where it would stand', () => {
  const { fields } = explained(read('response-4.1.0'))
  expect(fields).toContainEqual({
    field: '/buyer/contact',
    state: 'absent',
    source: '/QualificationApplicationResponse/cac:ContractingParty/cac:Party/cac:Contact',
  })
  expect(fields).toContainEqual({
    field: '/operator/name',
    state: 'present',
    source: '/QualificationApplicationResponse/cac:EconomicOperatorParty/cac:Party/cac:PartyName/cbc:Name',
    value: 'Couverture Exemple SARL',
  })
})

test('a field that a version has no place for is told not applicable there', () => {
  const stateIn = (name: string): string | undefined =>
    explained(read(name)).fields.find(({ field }) => field === '/edm/kind')?.state
  expect([stateIn('response-4.1.0'), stateIn('response-2.1.1')]).toEqual(['not-applicable', 'present'])
})

test('what no field reads is listed by its place', () => {
  const text = read('request-4.1.0').replace('</cbc:ProcedureCode>', '</cbc:ProcedureCode><cbc:Note>Vu.</cbc:Note>')
  expect(explained(text).unread).toEqual(['/QualificationApplicationRequest/cbc:Note'])
  expect(explained(read('request-4.1.0')).unread).toEqual([])
})
