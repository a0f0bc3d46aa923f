import { examine, explainDecp, writeDecpJson, writeDecpXml } from '@socle/mappings'
import type { Award } from '@socle/schemas'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anyAward } from './arbitrary.ts'
import { aContract, fileOf } from './base.ts'
import { isHere, jsonJudge, xmlJudge } from './official.ts'

const formats = [
  ['JSON 2.0.4', writeDecpJson, '2.0.4', isHere ? jsonJudge('2.0.4') : undefined],
  ['XML 2.0.2', writeDecpXml, '2.0.2', isHere ? xmlJudge('2.0.2') : undefined],
] as const

/** The canonical form of a file whatever the rules say of it: rules judge sense, this test judges translation. */
function readBack(content: string): unknown {
  const { records, findings } = examine(Buffer.from(content))
  const canonical = records[0]?.canonical
  if (canonical === undefined) throw new Error(JSON.stringify(findings.filter(({ severity }) => severity === 'reject')))
  return canonical
}

/** What the rules would refuse in an award made at random is put right, so that it is read back. */
function sensible(award: Award): Award {
  const siret = { scheme: 'SIRET', value: '73282932000074' } as const
  const { shareEU, shareFrance, modifications, subcontracts, ...rest } = award
  const areShares = Number(shareEU ?? Number.NaN) >= Number(shareFrance ?? Number.NaN)
  return {
    ...rest,
    title: award.title === '' ? 'x' : award.title,
    buyer: { scheme: 'SIRET', value: '21690123100011' },
    winners: [siret, { scheme: 'TVA', value: 'DE814864138' }],
    considerationsSociales: oneKind(award.considerationsSociales, 'Pas de considération sociale'),
    considerationsEnvironnementales: oneKind(
      award.considerationsEnvironnementales,
      'Pas de considération environnementale',
    ),
    ...(areShares && shareEU !== undefined && shareFrance !== undefined ? { shareEU, shareFrance } : {}),
    ...(modifications === undefined ? {} : { modifications: numbered(modifications) }),
    ...(subcontracts === undefined ? {} : { subcontracts: numbered(subcontracts) }),
  }
}

function oneKind(words: readonly string[] = [], none: string): readonly string[] {
  const others = words.filter((word) => word !== none)
  return others.length > 0 ? others : [none]
}

function numbered<T extends object>(list: readonly T[]): (T & { id: number })[] {
  return list.map((item, place) => ({ ...item, id: place + 1 }))
}

describe.each(formats)('%s', (_, write, version, isOfficial) => {
  test('written and read back, an award is the same, nothing lost', () => {
    fc.assert(
      fc.property(anyAward.map(sensible), (award) => {
        const written = write(award)
        if (!('content' in written)) throw new Error(JSON.stringify(written.missing))
        expect(written.losses).toEqual([])
        expect(readBack(written.content)).toEqual({ ...award, version })
      }),
      { numRuns: 300 },
    )
  })

  test.runIf(isOfficial !== undefined)('the official schema accepts whatever is written', () => {
    fc.assert(
      fc.property(anyAward, (award) => {
        const written = write(award)
        if (!('content' in written)) throw new Error(JSON.stringify(written.missing))
        expect(isOfficial?.(written.content), written.content).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  test('what the form has no place for is told, field by field', () => {
    const award = readBack(fileOf(aContract())) as Award
    const [modification] = award.modifications ?? []
    const richer: Award = {
      ...award,
      uid: '2169012310001100',
      buyer: { ...award.buyer, name: 'Commune de Tassin' },
      amount: { amount: '10.1234567890123456789', currency: 'EUR', meaning: 'framework-maximum' },
      modifications: modification === undefined ? [] : [{ ...modification, purpose: 'Avenant de délai' }],
    }
    const written = write(richer)
    if (!('losses' in written)) throw new Error(JSON.stringify(written.missing))
    expect(written.losses.map(({ field }) => field).sort()).toEqual([
      '/amount/amount',
      '/amount/meaning',
      '/buyer/name',
      '/modifications/0/purpose',
      '/uid',
    ])
    for (const { message } of written.losses) expect([message.fr, message.en]).not.toContain('')
  })

  test('an award of version 1 is not written until a person has filled what it lacks', () => {
    const old: Award = {
      kind: 'award',
      contract: 'marche',
      version: '1.5.0',
      buyer: { scheme: 'SIRET', value: '21690123100011', name: 'Commune de Tassin' },
      internalId: '2019TVX00700',
      nature: 'Accord-cadre',
      title: 'Réfection de la cour',
      cpv: '45233252',
      procedure: 'Procédure adaptée',
      place: { code: '69123', codeType: 'Code commune', name: 'Lyon' },
      durationMonths: 6,
      notificationDate: '2019-05-14',
      publicationDate: '2019-06-03',
      amount: { amount: '82000', currency: 'EUR', meaning: 'framework-maximum' },
      priceVariation: 'Ferme',
      winners: [{ scheme: 'UE', value: 'DE814864138' }],
    }
    const written = write(old)
    if (!('missing' in written)) throw new Error('it was written')
    expect(written.missing.map(({ field }) => field).sort()).toEqual([
      '/advanceGranted',
      '/ccag',
      '/considerationsEnvironnementales',
      '/considerationsSociales',
      '/groupement',
      '/innovative',
      '/modalitesExecution',
      '/nature',
      '/priceForm',
      '/priceTypes',
      '/subcontractingDeclared',
      '/techniques',
      '/tendersReceived',
      '/winners/0/scheme',
    ])
  })
})

test('amounts in another currency and buyers without SIRET make an award unwritable', () => {
  const award = readBack(fileOf(aContract())) as Award
  const written = writeDecpJson({
    ...award,
    buyer: { scheme: 'OTHER', value: 'X' },
    amount: { amount: '12', currency: 'XPF', meaning: 'awarded' },
  })
  expect('missing' in written && written.missing.map(({ field }) => field)).toEqual(['/amount', '/buyer'])
})

test('a control character makes an award unwritable in XML, and is kept in JSON', () => {
  const award = readBack(fileOf({ ...aContract(), objet: `Toiture ${String.fromCharCode(7)} du gymnase` })) as Award
  expect(writeDecpXml(award)).toHaveProperty('missing')
  expect(writeDecpJson(award)).toHaveProperty('content')
})

describe('explanations', () => {
  const explained = explainDecp(aContract(), '/marches/marche/0') ?? []
  const of = (field: string) => explained.find((one) => one.field === field)

  test('a present field tells its place and value', () => {
    expect(of('/ccag')).toEqual({
      field: '/ccag',
      name: 'ccag',
      state: 'present',
      source: '/marches/marche/0/ccag',
      value: 'Travaux',
    })
    expect(of('/modifications/0/amount')).toMatchObject({
      state: 'present',
      source: '/marches/marche/0/modifications/0/modification/montant',
    })
  })

  test('what is absent tells where it would stand, what the form has no place for is not applicable', () => {
    expect(of('/modifications/0/winners')).toMatchObject({ state: 'absent' })
    expect(of('/yearlyFigures')).toEqual({ field: '/yearlyFigures', state: 'not-applicable' })
    expect(explained.some(({ state }) => state === 'withheld')).toBe(false)
  })

  test('every field of the canonical form is explained, and every value explained is in it', () => {
    fc.assert(
      fc.property(anyAward.map(sensible), (award) => {
        const written = writeDecpJson(award)
        if (!('content' in written)) throw new Error('unwritable')
        const { marches } = JSON.parse(written.content) as { marches: Record<string, unknown[]> }
        const record = marches[award.contract]?.[0]
        const present = (explainDecp(record) ?? []).filter(({ state }) => state === 'present')
        for (const { field, source = '' } of present) {
          expect(at(award, field), field).toBeDefined()
          expect(at(record, source), source).toBeDefined()
        }
        const keys = new Set(present.map(({ field }) => field.split('/')[1]))
        for (const key of Object.keys(award)) {
          if (['kind', 'contract', 'version'].includes(key)) continue
          expect(keys, key).toContain(key)
        }
      }),
      { numRuns: 50 },
    )
  })
})

function at(value: unknown, pointer: string): unknown {
  let inside = value
  for (const step of pointer.split('/').slice(1)) inside = (inside as Record<string, unknown> | undefined)?.[step]
  return inside
}
