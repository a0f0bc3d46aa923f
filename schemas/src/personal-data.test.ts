import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { schemas } from './generated/schemas.ts'
import { finding } from './rules.ts'
import { kinds } from './kinds.ts'
import { personalFields, withoutPersonalData } from './personal-data.ts'
import { withoutPersonalValues } from './personal-findings.ts'

type Json = Readonly<Record<string, unknown>>
const byId = new Map(Object.values(schemas).map((schema) => [String(schema['$id']), schema]))
const schemaOf = (kind: string): Json => schemas[`v1/${kind}` as keyof typeof schemas]

/** What stands below a step, wherever the definitions lead. */
function below(schema: Json, step: string, root: Json): { readonly schema: Json; readonly root: Json } | undefined {
  const { $ref } = schema
  if (typeof $ref === 'string') {
    const [file = '', pointer = ''] = $ref.split('#')
    const home = file === '' ? root : byId.get(new URL(file, String(root['$id'])).href)
    let at: Json | undefined = home
    for (const part of pointer.split('/').slice(1)) at = at?.[part] as Json | undefined
    return at && home && below(at, step, home)
  }
  const inner = step === '*' ? schema['items'] : (schema['properties'] as Json | undefined)?.[step]
  return inner === undefined ? undefined : { schema: inner as Json, root }
}

const all = kinds.flatMap((kind) => personalFields[kind].map((field) => ({ kind, ...field })))

test.each(all)('$kind $path is a field of the canonical form', ({ kind, path }) => {
  let at: ReturnType<typeof below> = { schema: schemaOf(kind), root: schemaOf(kind) }
  for (const step of path.split('/')) at = at && below(at.schema, step, at.root)
  expect(at).toBeDefined()
})

test('the specification lists the same fields', () => {
  const text = readFileSync(join(import.meta.dirname, '../spec/personal-data.md'), 'utf8')
  const listed = [...text.matchAll(/^\| ([a-z-]+) \| `([^`]+)` \| ([a-z]+)( \(natural persons\))? \|/gm)]
  const rows = listed.map(([, kind, path, what, persons]) => `${kind} ${path} ${what}${persons ?? ''}`)
  expect(rows).toEqual(
    all.map(
      (field) => `${field.kind} ${field.path} ${field.class}${field.ofNaturalPersons ? ' (natural persons)' : ''}`,
    ),
  )
})

describe('without personal data', () => {
  const notice = {
    kind: 'notice' as const,
    title: 'kept',
    organisations: [
      { ref: 'ORG-1', name: 'Ville', email: 'a@b.fr', phone: '01', contactPoint: 'PLANTED-NAME-1', city: 'Lyon' },
      {
        ref: 'ORG-2',
        name: 'PLANTED-NAME-2',
        naturalPerson: true,
        city: 'Brest',
        id: { scheme: 'SIRET' },
        country: 'FRA',
      },
    ],
    beneficialOwners: [{ ref: 'UBO-1', familyName: 'PLANTED-NAME-3', nationalities: ['FRA'] }],
    lots: [{ id: 'LOT-1', juryMembers: ['PLANTED-NAME-4'] }],
  }

  test('what is about a person is gone, what is about a company is not', () => {
    expect(withoutPersonalData(notice)).toEqual({
      kind: 'notice',
      title: 'kept',
      organisations: [
        { ref: 'ORG-1', name: 'Ville', city: 'Lyon' },
        { ref: 'ORG-2', name: '[identity]', naturalPerson: true, country: 'FRA' },
      ],
      beneficialOwners: [{ ref: 'UBO-1' }],
      lots: [{ id: 'LOT-1' }],
    })
    expect(notice.organisations[0]?.email).toBe('a@b.fr')
  })

  test('a canonical form stays one by its schema', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false, schemas: Object.values(schemas) })
    for (const kind of ['notice', 'dume-request', 'award']) {
      const text = readFileSync(join(import.meta.dirname, `../examples/event-data/valid-${kind}.json`), 'utf8')
      const { canonical } = JSON.parse(text) as {
        readonly canonical: { readonly kind: 'notice' | 'dume-request' | 'award' }
      }
      const validate = ajv.compile(schemaOf(kind))
      expect(validate(withoutPersonalData(canonical)), JSON.stringify(validate.errors)).toBe(true)
    }
  })
})

describe('findings in the log', () => {
  test('keep place and rule of what is personal, and lose its value in every text', () => {
    const mail = {
      xpath: '/*/cac:Contact/cbc:ElectronicMail',
      value: 'planted-1@exemple',
      expected: 'planted-1@exemple.fr',
    }
    const [kept] = withoutPersonalValues([finding('EFORMS-NAMESPACE', mail)], undefined)
    expect(kept).toMatchObject({ rule: 'EFORMS-NAMESPACE', xpath: mail.xpath })
    expect(JSON.stringify(kept)).not.toContain('planted-1')
  })

  test('hide a personal value of the document wherever it stands', () => {
    const canonical = { kind: 'award' as const, winners: [{ scheme: 'SIRET', value: '1', name: 'PLANTED-NAME-1' }] }
    const made = finding('EFORMS-NAMESPACE', { pointer: '/marches/0/objet', value: 'chez PLANTED-NAME-1' })
    expect(JSON.stringify(withoutPersonalValues([made], canonical))).not.toContain('PLANTED-NAME-1')
  })

  test('leave every other one as it is', () => {
    const made = finding('EFORMS-NAMESPACE', { pointer: '/marches/0/objet', value: 'x' })
    expect(withoutPersonalValues([made], undefined)).toEqual([made])
  })

  test.each([
    ['voir planted@exemple.fr svp', 'voir … svp'],
    ['a@planted@exemple.fr', 'a@…'],
    ['planted@.exemple.fr', '…'],
    ['planted@exemple.', 'planted@exemple.'],
    ['planted@exemple', 'planted@exemple'],
    ['@exemple.fr', '@exemple.fr'],
  ])('of a text that is no value, %s is left as %s', (text, left) => {
    const message = { fr: text, en: text }
    const [kept] = withoutPersonalValues([{ ...finding('EFORMS-NAMESPACE', {}), message }], undefined)
    expect(kept?.message).toEqual({ fr: left, en: left })
  })

  // A pattern that begins anew at each character takes some five thousand million steps for each.
  test.each([
    ['a word without end', 'x'.repeat(100_000)],
    ['a host without end', `x@${'x'.repeat(100_000)}`],
    ['dots without end', `x@${'.'.repeat(100_000)}@`],
    ['signs without end', 'x@'.repeat(50_000)],
  ])('look for mails in %s by its length, not by the square of it', (_, text) => {
    const made = { ...finding('EFORMS-NAMESPACE', {}), message: { fr: text, en: text } }
    const begun = performance.now()
    withoutPersonalValues([made], undefined)
    expect(performance.now() - begun).toBeLessThan(2_000)
  })
})
