// oxlint-disable-next-line no-restricted-imports -- tests read the example documents; the code under test reads nothing
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { array, assert as check, constantFrom, nat, property, record, uint8Array } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { examine } from './examine.ts'

const examples = join(import.meta.dirname, '../../schemas/examples')
const read = (...path: string[]) => readFileSync(join(examples, ...path))
const award = read('rules/DECP-WRAPPER/pass-both-kinds.json')
const now = new Date('2026-06-01T00:00:00Z')

/** A document of several contracts, the given ones changed. */
function several(...changes: Record<string, unknown>[]): Buffer {
  const file = JSON.parse(award.toString()) as { marches: { marche: [Record<string, unknown>] } }
  const [contract] = file.marches.marche
  return Buffer.from(JSON.stringify({ marches: { marche: changes.map((change) => ({ ...contract, ...change })) } }))
}

test('a good file is accepted with its format, version, kind and one canonical document a record', () => {
  const examination = examine(award, { now, expect: 'award' })
  expect(examination).toMatchObject({
    format: 'decp-json',
    version: '2.0.4',
    kind: 'award',
    verdict: 'accepted',
    findings: [],
  })
  expect(examination.records.map(({ canonical }) => canonical?.kind)).toEqual(['award', 'award'])
})

test('award data in gzip is read, and said to be', () => {
  const { format, verdict, findings, records } = examine(gzipSync(award), { now })
  expect({ format, verdict, records: records.length }).toEqual({ format: 'decp-json', verdict: 'accepted', records: 2 })
  expect(findings).toMatchObject([{ rule: 'DECP-GZIP', severity: 'info', value: String(award.length) }])
})

test('records one after the other are judged each, those that cannot be read too', () => {
  const [one] = (JSON.parse(award.toString()) as { marches: { marche: object[] } }).marches.marche
  const line = (change: object) => `${JSON.stringify({ ...one, ...change })}\n`
  const { version, verdict, records, findings } = examine(
    Buffer.from(
      line({}) + line({ id: 'b' }).replace('"objet"', '"objet') + line({ id: 'c', montant: 0 }) + line({ id: 'd' }),
    ),
    { now },
  )
  expect({ version, verdict }).toEqual({ version: '2.0.4', verdict: 'refused' })
  expect(records.map(({ canonical }) => canonical !== undefined)).toEqual([true, false, false, true])
  expect(findings.map(({ rule, record }) => [rule, record])).toEqual([
    ['DECP-SHAPE', undefined],
    ['JSON-SYNTAX', 1],
    ['DECP-MINIMUM', 2],
  ])
})

test('a refused record refuses the file, and the others keep their canonical document', () => {
  const { verdict, records, findings } = examine(several({}, { dateNotification: '2024-99-99' }, { id: 'autre' }), {
    now,
  })
  expect(verdict).toBe('refused')
  expect(records.map(({ canonical }) => canonical !== undefined)).toEqual([true, false, true])
  expect(findings.map(({ rule, record, pointer }) => [rule, record, pointer])).toEqual([
    ['HUB-DATE', 1, '/marches/marche/1/dateNotification'],
  ])
})

test('both layers speak at once: a record that breaks the schema is still judged by the rules', () => {
  const { findings } = examine(several({ montant: '12', codeCPV: '00000000', dateNotification: '2014-01-01' }), { now })
  expect(findings.map(({ rule }) => rule).sort()).toEqual(['DECP-DATE-TOO-OLD', 'DECP-TYPE', 'HUB-CPV-ZERO'])
})

test('messages name the property and what is expected, in both languages', () => {
  const { findings } = examine(several({ nature: 'Marche', montant: '12' }), { now })
  const [type, nature] = [...findings].sort((a, b) => (a.rule > b.rule ? -1 : 1))
  expect(type?.message.fr).toBe('La propriété « montant » vaut 12 ; il faut un nombre sans guillemets.')
  expect(nature?.message.en).toContain('“nature” is “Marche”')
  expect(nature?.message.en).toContain('« Marché de partenariat »')
  expect(nature?.expected).toContain('« Marché de défense ou de sécurité »')
})

test('without a moment to compare with, no date is called future', () => {
  const future = several({ dateNotification: '2066-01-01', datePublicationDonnees: '2066-01-02' })
  expect(examine(future).verdict).toBe('accepted')
  expect(examine(future, { now }).verdict).toBe('refused')
})

test('a document sent to the route of another kind is refused whole', () => {
  const { verdict, records, findings } = examine(award, { now, expect: 'notice' })
  expect(verdict).toBe('refused')
  expect(findings.map(({ rule }) => rule)).toEqual(['FORMAT-KIND'])
  expect(records.every(({ canonical }) => canonical === undefined)).toBe(true)
})

test.each([
  ['nothing', Buffer.alloc(0), 'FORMAT-EMPTY'],
  ['a mark alone', Buffer.from([0xef, 0xbb, 0xbf]), 'FORMAT-EMPTY'],
  ['gzip of anything else than award data', gzipSync('bonjour'), 'FORMAT-COMPRESSED'],
  ['gzip in gzip', gzipSync(gzipSync(award)), 'FORMAT-COMPRESSED'],
  ['gzip cut short', gzipSync(award).subarray(0, 400), 'STREAM-COMPRESSION'],
  ['gzip that unpacks beyond the limit', gzipSync(Buffer.alloc(11 * 1024 * 1024)), 'FORMAT-TOO-LARGE'],
  ['a program', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0]), 'FORMAT-BINARY'],
  ['JSON in UTF-16', Buffer.from('{}', 'utf16le'), 'FORMAT-BINARY'],
  ['plain words', Buffer.from('bonjour'), 'FORMAT-UNKNOWN'],
  ['a CSV file', Buffer.from('\ufeffid;objet;montant\n1;toiture;1200,50\n'), 'FORMAT-UNKNOWN'],
  ['a JSON text that is neither object nor list', Buffer.from(' "bonjour"'), 'FORMAT-UNKNOWN'],
  ['a PDF', Buffer.from('%PDF-1.7'), 'FORMAT-BINARY'],
  ['an object cut short', Buffer.from('{'), 'JSON-TRUNCATED'],
])('%s is refused by name', (_, bytes, rule) => {
  expect(examine(bytes).findings.map((finding) => finding.rule)).toEqual([rule])
})

test('text that is neither XML nor JSON is shown by its first words, with what is expected', () => {
  const [found] = examine(Buffer.from(`\r\n Avis n° 12 : ${'travaux '.repeat(40)}\r\nLot 1`)).findings
  expect(found).toMatchObject({ value: 'Avis n° 12 : travaux travaux travaux tra', expected: 'XML, JSON' })
  expect(found?.message.fr).toMatch(/« Avis n° 12 : .* »\. .*XML.*JSON/)
  expect(found?.message.en).toMatch(/“Avis n° 12 : .*”\. .*XML.*JSON/)
})

test('a list with two hundred thousand faults stops at a bounded number of findings, soon, and is not read', () => {
  const considerationSociale = Array.from({ length: 150_000 }, () => 'Clause inventée')
  const start = performance.now()
  const { findings, records } = examine(several({ considerationsSociales: { considerationSociale } }), { now })
  expect(findings).toHaveLength(1001)
  expect(findings.at(-1)?.rule).toBe('FORMAT-MORE-FINDINGS')
  expect(records.map(({ canonical }) => canonical)).toEqual([undefined])
  expect(performance.now() - start).toBeLessThan(4000)
})

test('a record is not read when a rule stopped counting before the fault that refuses it', () => {
  const titulaire = (id: string) => ({ titulaire: { typeIdentifiant: 'SIRET', id } })
  const doubtful = Array.from({ length: 1000 }, () => titulaire('73282932000075'))
  const titulaires = [...doubtful, titulaire('12345678901234')]
  const { records, verdict } = examine(several({ titulaires, typeGroupementOperateurs: 'Conjoint' }), { now })
  expect(verdict).toBe('refused')
  expect(records.map(({ canonical }) => canonical)).toEqual([undefined])
})

test('a file of empty records stops at a bounded number of findings, says so and keeps none of them', () => {
  const { findings, records } = examine(Buffer.from(`{"marches":{"marche":[${'{},'.repeat(5000)}{}]}}`))
  expect(findings).toHaveLength(1001)
  expect(findings.at(-1)?.rule).toBe('FORMAT-MORE-FINDINGS')
  expect(records).toHaveLength(5001)
  expect(records.every(({ canonical }) => canonical === undefined)).toBe(true)
})

test('a hostile list of ten thousand winners is judged in linear time', () => {
  const titulaires = Array.from({ length: 10_000 }, (_, n) => ({
    titulaire: { typeIdentifiant: 'HORS-UE', id: `CH${n}` },
  }))
  const bytes = several({ titulaires, typeGroupementOperateurs: 'Conjoint' })
  const start = performance.now()
  expect(examine(bytes, { now }).verdict).toBe('accepted')
  expect(performance.now() - start).toBeLessThan(2000)
})

describe('any bytes give an examination', () => {
  const documents = [
    award,
    ...readdirSync(join(examples, 'documents')).map((name) => read('documents', name)),
    read('rules/DECP-VERSION-1/fail-beside-a-2.0.0.json'),
    read('rules/BOAMP-NO-DATA/fail-record.json'),
  ]
  const damage = record({ at: nat(), byte: nat(255) })

  test('truncated and with bytes changed', () => {
    check(
      property(constantFrom(...documents), nat(), array(damage, { maxLength: 4 }), (document, length, damages) => {
        const bytes = Buffer.from(document.subarray(0, length % 2 === 0 ? document.length : length % document.length))
        for (const { at, byte } of damages) if (bytes.length > 0) bytes[at % bytes.length] = byte
        const { verdict, findings, records } = examine(bytes, { now })
        expect(verdict).toBe(findings.some(({ severity }) => severity === 'reject') ? 'refused' : 'accepted')
        if (verdict === 'accepted') expect(records.every(({ canonical }) => canonical !== undefined)).toBe(true)
        expect(findings.map(({ rule }) => rule)).not.toContain('FORMAT-INTERNAL')
      }),
      { numRuns: 250 },
    )
  })

  test('random', () => {
    check(
      property(uint8Array(), (bytes) => {
        expect(examine(bytes)).toHaveProperty('verdict')
      }),
      { numRuns: 300 },
    )
  })

  test('any JSON where records are expected', () => {
    const junk = constantFrom(null, 1, 'x', [], {}, [[]], [{}], [null], { id: {} }, [{ titulaire: null }], true)
    const names = [
      'id',
      'acheteur',
      'titulaires',
      'techniques',
      'modifications',
      'montant',
      'dateNotification',
      'objet',
      'lieuExecution',
    ]
    const changes = record(Object.fromEntries(names.map((name) => [name, junk])), { requiredKeys: [] })
    check(
      property(changes, (change) => {
        expect(examine(several(change), { now }).findings.map(({ rule }) => rule)).not.toContain('FORMAT-INTERNAL')
      }),
      { numRuns: 300 },
    )
  })
})

describe('official sample files', () => {
  const folder = join(import.meta.dirname, '../../../shared/data/decp')
  const isHere = existsSync(folder)
  if (!isHere) process.stdout.write('official DECP samples are absent: their tests are skipped\n')

  test.runIf(isHere)('only the records whose buyer has a false SIREN are refused, and for nothing else', () => {
    const { findings, records } = examine(readFileSync(join(folder, 'v2.0/json/marches_concessions.json')), { now })
    const rejects = findings.filter(({ severity }) => severity === 'reject')
    expect(rejects.map(({ rule, record: at, value }) => [rule, at, value])).toEqual([
      ['HUB-SIREN-LUHN', 2, '12345678901234'],
      ['HUB-SIREN-LUHN', 3, '12345678901250'],
    ])
    expect(records.map(({ canonical }) => canonical !== undefined)).toEqual([true, true, false, false])
  })

  test.runIf(isHere)('every file of version 1.5 is accepted as it is, and its records say what they lack', () => {
    for (const name of readdirSync(join(folder, 'v1.5', 'json'))) {
      const { format, version, verdict, findings, records } = examine(
        readFileSync(join(folder, 'v1.5', 'json', name)),
        {
          now,
        },
      )
      expect({ format, version, verdict }, name).toEqual({ format: 'decp-json', version: '1.5.0', verdict: 'accepted' })
      expect(findings.filter(({ rule }) => rule === 'DECP-VERSION-1')).toHaveLength(records.length)
    }
  })

  test.runIf(isHere)('every file of the dead version is named and refused record by record', () => {
    for (const name of readdirSync(join(folder, 'dead-v2.0.0', 'json'))) {
      const { format, findings, records } = examine(readFileSync(join(folder, 'dead-v2.0.0', 'json', name)), { now })
      expect(format).toBe('decp-json')
      expect(findings.map((finding) => finding.rule)).toEqual(records.map(() => 'DECP-VERSION-2-0-0'))
    }
  })
})

describe('several documents in one text', () => {
  const [one] = (JSON.parse(award.toString()) as { marches: { marche: object[] } }).marches.marche
  const line = (id: string) => `${JSON.stringify({ ...one, id })}\n`

  test('are read after record separators too, even a single one', () => {
    expect(examine(Buffer.from(`\u001E${line('a')}`), { now }).verdict).toBe('accepted')
    const { verdict, records } = examine(Buffer.from(`\u001E${line('a')}\u001E${line('b')}`), { now })
    expect({ verdict, records: records.length }).toEqual({ verdict: 'accepted', records: 2 })
    expect(examine(Buffer.from('\u001Ebonjour'), { now }).verdict).toBe('refused')
  })

  test('are refused for what stands beside the records of one of them, and when one holds none', () => {
    const beside = examine(Buffer.from(`{"marches":[],"foo":[${line('c')}]}\n${line('a')}${line('b')}`), { now })
    expect(beside.findings).toContainEqual(expect.objectContaining({ rule: 'DECP-ROOT', value: 'foo' }))
    const empty = examine(Buffer.from(`${line('a')}${line('b')}[]`), { now })
    expect([beside.verdict, empty.verdict]).toEqual(['refused', 'refused'])
  })
})

test.each([
  ['cut', gzipSync(award).subarray(0, -20), 'STREAM-COMPRESSION'],
  ['with bytes after its end', Buffer.concat([gzipSync(award), Buffer.from('fin')]), 'STREAM-COMPRESSION'],
  ['packed twice', gzipSync(gzipSync(award)), 'FORMAT-COMPRESSED'],
])('gzip %s is refused for that', (_, bytes, rule) => {
  const { verdict, findings } = examine(bytes, { now })
  expect({ verdict, rules: findings.map((found) => found.rule) }).toEqual({ verdict: 'refused', rules: [rule] })
  if (rule === 'FORMAT-COMPRESSED') expect(findings[0]?.message.fr).toContain('gzip × 2')
})

describe('the version of award data', () => {
  const { marche } = (JSON.parse(award.toString()) as { marches: { marche: object[] } }).marches
  const old = { id: '1', acheteur: { id: '2' }, objet: 'Voirie', titulaires: [{ id: '3' }] }

  test.each([
    ['a list without its object', { marche }, '2.0.4'],
    ['records of version 1 in the lists of version 2', { marches: { marche: [old] } }, '1.5.0'],
    ['records of both versions', { marches: { marche: [old, ...marche] } }, undefined],
    ['lists of nothing that is known', { marches: { marche: [{}] } }, '2.0.4'],
  ])('%s', (_, file, version) => {
    expect(examine(Buffer.from(JSON.stringify(file)), { now }).version).toBe(version)
  })
})

test('a message shows a text that is empty, and names a record that is none', () => {
  const empty = examine(several({ montant: '' }), { now }).findings
  expect(empty.map(({ message }) => message.fr)).toContainEqual(expect.stringContaining('vaut "" ;'))
  const none = examine(Buffer.from('{"marches":{"marche":[5]}}'), { now }).findings
  expect(none.map(({ message }) => message.fr)).toContainEqual(expect.stringContaining('« marche » vaut 5'))
})
