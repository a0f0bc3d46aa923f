// oxlint-disable-next-line no-restricted-imports -- tests read the example documents; the code under test reads nothing
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readJson } from '../json/read.ts'
import { passGate } from '../xml/gate.ts'
import { readXml } from '../xml/read.ts'
import { edited } from './testing/example-notices.ts'
import { type BoampExplanation, explainBoamp, explainBoampXml } from './explain.ts'

const examples = join(import.meta.dirname, '../../../schemas/examples/documents')

function document(name: string, ...edits: readonly (readonly [string, string])[]): Buffer {
  return edited(readFileSync(join(examples, name)), ...edits)
}

function explained(name: string, ...edits: readonly (readonly [string, string])[]): BoampExplanation {
  const bytes = document(name, ...edits)
  const explanation = name.endsWith('.json') ? explainBoamp(json(bytes)) : explainXml(bytes)
  if (explanation === undefined) throw new Error(`${name} cannot be explained`)
  return explanation
}

function json(bytes: Uint8Array): unknown {
  const reading = readJson(bytes)
  return reading.ok ? reading.value : undefined
}

function explainXml(bytes: Uint8Array): BoampExplanation | undefined {
  const gated = passGate(bytes)
  if ('findings' in gated) return undefined
  using passed = gated
  return explainBoampXml(readXml(passed.text, passed.elements))
}

function stateOf({ fields }: BoampExplanation, field: string) {
  return fields.find((each) => each.field === field)
}

describe('the state of a field', () => {
  test('a value that stands in the notice is present, with its place inside the inner document', () => {
    expect(stateOf(explained('boamp-fnsimple.json'), '/cpv')).toEqual({
      field: '/cpv',
      name: 'natureMarche/codeCPV/objetPrincipal/classPrincipale',
      state: 'present',
      source: '/donnees/FNSimple/initial/natureMarche/codeCPV/objetPrincipal/classPrincipale',
      value: '45261910',
    })
  })

  test('MAPA has no place for a CPV code; FNSimple without one has forgotten it', () => {
    expect(stateOf(explained('boamp-mapa.json'), '/cpv')).toEqual({ field: '/cpv', state: 'not-applicable' })
    const without = explained('boamp-fnsimple.json', [
      String.raw`{\"classPrincipale\": \"45261910\"}`,
      String.raw`{\"classPrincipale\": \"\"}`,
    ])
    expect(stateOf(without, '/cpv')).toMatchObject({
      state: 'absent',
      source: '/donnees/FNSimple/initial/natureMarche/codeCPV/objetPrincipal/classPrincipale',
    })
  })

  test('the only key that other platforms share is absent in a record, and has no place in XML alone', () => {
    expect(stateOf(explained('boamp-fnsimple.json'), '/procedureId')).toMatchObject({
      state: 'absent',
      source: '/contractfolderid',
    })
  })

  test('XML is explained by XPath, lot by lot', () => {
    const old = explained('boamp-annonce.xml')
    expect(stateOf(old, '/lots/1/variants')).toMatchObject({
      state: 'present',
      source: '/ANNONCE/DONNEES/OBJET/LOTS/LOT[2]/VARIANTES_OUI',
    })
    expect(stateOf(old, '/lots/1/estimate')).toMatchObject({ state: 'absent' })
  })

  test('each field is told once', () => {
    for (const name of ['boamp-fnsimple.json', 'boamp-mapa.json', 'boamp-annonce.xml', 'boamp-attribution.xml']) {
      const fields = explained(name).fields.map(({ field }) => field)
      expect(new Set(fields).size, name).toBe(fields.length)
    }
  })
})

test('what no field reads is named', () => {
  const { unread } = explained('boamp-annonce.xml', [
    '<DIV_EN_LOTS>',
    '<LOTS_REMARQUE>Aucune</LOTS_REMARQUE><DIV_EN_LOTS>',
  ])
  expect(unread).toEqual(['/ANNONCE/DONNEES/OBJET/LOTS_REMARQUE'])
})

test('a file that has no such record is not explained', () => {
  expect(explainBoamp(json(document('boamp-mapa.json')), 1)).toBeUndefined()
  expect(explainBoamp({ idweb: '26-1', dateparution: '2026-01-01' })).toBeUndefined()
})
