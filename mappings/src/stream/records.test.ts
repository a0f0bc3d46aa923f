import { gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { StreamItem, StreamLimits } from './items.ts'
import { createSplitter, streamRecords } from './records.ts'

function split(bytes: Uint8Array, cuts: readonly number[] = [], limits: Partial<StreamLimits> = {}): StreamItem[] {
  const splitter = createSplitter(limits)
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b)
  const items: StreamItem[] = []
  let from = 0
  // Each piece is a copy that is overwritten afterwards: records must not depend on it once copied, nor on its size.
  for (const to of [...places, bytes.length]) {
    items.push(...splitter.push(bytes.slice(from, to)))
    from = to
  }
  return [...items, ...splitter.end()]
}

const texts = (items: readonly StreamItem[]) =>
  items.map((item) => (item.kind === 'record' ? Buffer.from(item.bytes).toString() : item.finding.rule))

const contract = (id: string, objet = 'Voirie') =>
  JSON.stringify({ id, acheteur: { id: '1' }, objet, titulaires: [{ titulaire: { id: '2' } }], montant: 10 })

const [a, b, c] = [contract('a'), contract('b', 'Le « } » ] , { \\ " é 😀'), contract('c', '')]
const pretty = (text: string) => JSON.stringify(JSON.parse(text), undefined, 2)

const arrangements: Readonly<Record<string, (records: readonly string[]) => string>> = {
  'two lists': ([first = '', ...rest]) =>
    `\uFEFF{"$schema":"x","marches":{"marche":[${rest.join(',\n')}],"contrat-concession":[${first}]}}`,
  'one list of version 1': (records) => `{"$schema":"x]}","march\\u0065s" : [ ${records.join(' , ')} ] }\n`,
  'a bare list': (records) => `[${records.join(',')}]`,
  'a list without marches': (records) => `{"marche":[${records.join(',')}]}`,
  'one a line': (records) => records.join('\n'),
  'one after the other': (records) => records.join(''),
  'lines with separators': (records) => records.map((record) => `\u001E${record}\n`).join(''),
  'documents one after the other': (records) =>
    records.map((record) => `{"marches":{"marche":[${record}]}}`).join('\n'),
}

describe.each(Object.entries(arrangements))('%s', (_, arrange) => {
  test('gives each record as its exact bytes, however the stream is cut', () => {
    const record = fc.constantFrom(a, b, c, pretty(b))
    fc.assert(
      fc.property(
        fc.array(record, { minLength: 1, maxLength: 6 }),
        fc.array(fc.nat(), { maxLength: 8 }),
        (list, cuts) => {
          const bytes = Buffer.from(arrange(list))
          const items = split(bytes, cuts)
          expect(texts(items).sort()).toEqual([...list].sort())
          for (const item of items) {
            if (item.kind !== 'record') throw new Error(item.finding.rule)
            expect(bytes.subarray(item.offset, item.offset + item.bytes.length)).toEqual(Buffer.from(item.bytes))
          }
          expect(items.map(({ index }) => index)).toEqual(list.map((_, index) => index))
        },
      ),
      { numRuns: 60 },
    )
  })

  test('read byte by byte, it is the same', () => {
    const bytes = Buffer.from(arrange([a, b, c]))
    expect(
      split(
        bytes,
        Array.from(bytes, (_, at) => at),
      ),
    ).toEqual(split(bytes))
  })
})

describe('what stands beside the lists is told by its name, as in a document read whole', () => {
  test.each([
    [`{"a":[${a}],"marches":[${b}],"c":1}`, [b, 'a', 'c']],
    [`{"marches":{"marche":[${a}]},"contrat-concession":[${b}]}`, [a, b, 'contrat-concession']],
    [`{"marches":{"foo":[1],"marche":[${a}],"contrat-concession":null}}`, ['foo', a, 'contrat-concession ≠ […]']],
    [`{"marches":{"marche":{"id":1}}}`, ['marche ≠ […]']],
    [`{"marches":[${a}],"marches":[${b}]}`, [a, b, 'marches']],
  ])('%s', (file, expected) => {
    const bytes = Buffer.from(file)
    const items = split(bytes)
    const named = items.map((item) =>
      item.kind === 'record' ? Buffer.from(item.bytes).toString() : item.finding.value,
    )
    expect(named).toEqual(expected)
    expect(
      split(
        bytes,
        Array.from(bytes, (_, at) => at),
      ),
    ).toEqual(items)
  })

  test('a record alone may have any property: its own rules judge it', () => {
    expect(texts(split(Buffer.from(a.replace('{', '{"foo":1,'))))).toEqual([a.replace('{', '{"foo":1,')])
  })
})

test('the list a record stands in is told', () => {
  const items = split(Buffer.from(arrangements['two lists']?.([a, b]) ?? ''))
  expect(items.map((item) => (item.kind === 'record' ? item.contract : ''))).toEqual(['marche', 'contrat-concession'])
})

describe('a record that breaks the stream never takes its neighbours', () => {
  const good = Array.from({ length: 4 }, (_, n) => contract(`n${n}`))
  const broken = [
    ['a quote that is not escaped', contract('x', 'Q').replace('"Q"', '"Le "grand" projet"')],
    ['one stray quote', contract('x', 'Q').replace('"Q"', '"écran 24" mat"')],
    ['a backslash before the end of a text', contract('x', 'Q').replace('"Q"', '"C:\\"')],
    ['a missing bracket', contract('x').slice(0, -1)],
    ['a bracket of the wrong kind', contract('x').replace(']', '}')],
    ['a missing comma and quotes', '{"id":"x" objet: Voirie}'],
    ['a bracket too many', contract('x').replace('}]', '}]]')],
    ['two hundred open lists', `{"id":"x","a":${'['.repeat(200)}}`],
  ] as const

  test.each(broken)('%s', (_, record) => {
    for (const arrange of [arrangements['two lists'], arrangements['a bare list'], arrangements['one a line']]) {
      const [first, second, third, fourth] = good
      const bytes = Buffer.from(arrange?.([first ?? '', second ?? '', record, third ?? '', fourth ?? '']) ?? '')
      for (const cuts of [[], [7, 150, 151, 300, 302], Array.from(bytes, (__, at) => at)]) {
        const found = texts(split(bytes, cuts))
        expect(good.filter((one) => !found.includes(one))).toEqual([])
        expect(found).not.toContain('STREAM-CUT')
      }
    }
  })

  test.each([
    ['cut after a name', '{"id": '],
    ['cut in a name', '{"id'],
    ['cut in a list', '{"id":"x","titulaires":[{"titulaire":'],
    ['a text that is never closed', '{"id":"x","objet":"Voirie'],
    ['a text of an inner object that is never closed', '{"id":"x","acheteur":{"id":"1'],
    ['no closing bracket', contract('x').slice(0, -1)],
  ])('on lines of their own: %s', (_, record) => {
    const [first = '', second = '', third = ''] = good
    for (const lines of [
      [first, record, second, third],
      [record, first],
      [first, record, second],
      [first, record, record, second],
    ])
      for (const separator of ['\n', '\r\n']) {
        const bytes = Buffer.from(lines.join(separator))
        for (const cuts of [[], [7, 150, 151, 300, 302], Array.from(bytes, (__, at) => at)])
          expect(texts(split(bytes, cuts)).map((text) => text.trim())).toEqual(lines.map((line) => line.trim()))
      }
  })

  test.each([
    ['with its end', '{"id":"x","objet":"Voirie},'],
    ['without', '{"id":"x","objet":"Voirie,'],
    ['in an inner object', '{"id":"x","acheteur":{"id":"1}},'],
  ])('in a list of one a line, a text that is never closed: %s', (_, record) => {
    const [first = '', second = '', third = ''] = good
    const bytes = Buffer.from(`{"marches":{"marche":[${first},\n${record}\n${second},\n${third}]}}`)
    for (const cuts of [[], [7, 150, 151, 300, 302], Array.from(bytes, (__, at) => at)])
      expect(texts(split(bytes, cuts))).toEqual([first, record.slice(0, -1), second, third])
  })

  test('the last one of a file neither makes the file look cut', () => {
    const [, record] = broken[0]
    const found = texts(split(Buffer.from(`{"marches":{"marche":[${a},${record}]}}`)))
    expect(found[0]).toBe(a)
    expect(found).toHaveLength(2)
  })
})

describe('a stream that stops short', () => {
  const whole = Buffer.from(arrangements['two lists']?.([a, b, c]) ?? '')

  test('says where, after the records it gave', () => {
    for (let length = 5; length < whole.length; length++) {
      const items = split(whole.subarray(0, length))
      const last = items.at(-1)
      if (last?.kind !== 'fault') throw new Error(`nothing said at ${length}`)
      expect(last).toMatchObject({ stops: true, offset: length, finding: { rule: 'STREAM-CUT' } })
    }
  })

  test('a stream of nothing holds no record', () => {
    expect(split(Buffer.from(' \n'))).toEqual([])
    expect(texts(split(Buffer.from('{"marches":null}')))).toEqual(['{"marches":null}'])
    for (const none of ['{"marches":{"marche":[],"contrat-concession":[]}}', '{"marches":{}}', '[ ]']) {
      expect(texts(split(Buffer.from(none)))).toEqual(['DECP-NO-RECORD'])
    }
  })
})

describe('limits', () => {
  test('a record over the limit is skipped and told, the next one is read, and memory stays flat', () => {
    const large = contract('x', 'y'.repeat(5000))
    const bytes = Buffer.from(`[${a},${large},${b}]`)
    for (const cuts of [[], Array.from({ length: 90 }, (_, n) => n * 64)]) {
      const items = split(bytes, cuts, { recordBytes: 1000 })
      expect(texts(items)).toEqual([a, 'FORMAT-TOO-LARGE', b])
      expect(items.map(({ index }) => index)).toEqual([0, 1, 2])
    }
  })

  test('a broken record over the limit is skipped the same way however the stream is cut, and the next one is read', () => {
    const broken = contract('x', 'Q').replace('"Q"', `"Le "grand" ${'y'.repeat(9000)}"`)
    const bytes = Buffer.from(`[${a},${broken},${b}]`)
    for (const cuts of [[], Array.from({ length: 200 }, (_, n) => n * 64), Array.from(bytes, (_, at) => at)]) {
      expect(texts(split(bytes, cuts, { recordBytes: 1000 }))).toEqual([a, 'FORMAT-TOO-LARGE', b])
    }
  })

  test('a record alone over the limit is told too', () => {
    const bytes = Buffer.from(`${contract('x', 'y'.repeat(5000))}\n${a}`)
    expect(texts(split(bytes, [900, 1800, 2700, 3600], { recordBytes: 1000 }))).toEqual(['FORMAT-TOO-LARGE', a])
  })

  test('a stream of more records than allowed stops', () => {
    expect(texts(split(Buffer.from(`[${a},${b},${c}]`), [], { records: 2 }))).toEqual([a, b, 'STREAM-LIMIT'])
  })
})

test('what is no object in a list is given as it is: it has its own line too', () => {
  expect(texts(split(Buffer.from(`[null, 12 ,"a,\\"b", [1,[2]],${a}]`)))).toEqual([
    'null',
    '12 ',
    '"a,\\"b"',
    '[1,[2]]',
    a,
  ])
})

test('streamRecords reads from any source of pieces', async () => {
  async function* pieces() {
    for (const byte of Buffer.from(`[${a},${b}]`)) yield Uint8Array.of(byte)
  }
  const items: StreamItem[] = []
  for await (const item of streamRecords(pieces())) items.push(item)
  expect(texts(items)).toEqual([a, b])
})

describe('XML', () => {
  const one = '<marche><id>1</id><marcheInnovant>oui</marcheInnovant><objet><![CDATA[</marche>]]></objet></marche>'
  const two = '<contrat-concession a="b"><id>é</id><!-- </contrat-concession> --></contrat-concession>'
  const file = `\uFEFF<?xml version="1.0" encoding="UTF-8"?>\n<!-- <marche> --><marches xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n ${one}${two}<marche/></marches>`

  test('gives each element as its exact bytes, however the stream is cut', () => {
    const bytes = Buffer.from(file)
    expect(texts(split(bytes))).toEqual([one, two, '<marche/>'])
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 8 }), (cuts) => {
        const items = split(bytes, cuts)
        expect(texts(items)).toEqual([one, two, '<marche/>'])
        for (const item of items) expect(bytes.subarray(item.offset).toString()).toContain(texts([item])[0])
      }),
    )
    expect(
      texts(
        split(
          bytes,
          Array.from(bytes, (_, at) => at),
        ),
      ),
    ).toEqual([one, two, '<marche/>'])
  })

  test('a record that is never closed does not take the next one', () => {
    const bytes = Buffer.from(`<marches>${one}<marche><id>2</id>${two}</marches>`)
    expect(texts(split(bytes))).toEqual([one, '<marche><id>2</id>', two])
  })

  test('a DTD and another encoding stop the stream', () => {
    expect(texts(split(Buffer.from(`<!DOCTYPE marches><marches>${one}</marches>`)))).toEqual(['XML-DTD'])
    expect(texts(split(Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?><marches/>`)))).toEqual([
      'STREAM-ENCODING',
    ])
  })

  test('what stands between records is told and passed over', () => {
    expect(texts(split(Buffer.from(`<marches>${one}<autre>1</autre>${two} texte</marches>`)))).toEqual([
      one,
      'DECP-XML-UNKNOWN',
      two,
      'DECP-XML-TEXT',
    ])
  })

  test('a file is one document without namespace and without attributes', () => {
    expect(texts(split(Buffer.from(`<marches xmlns="urn:x">${one}</marches>`)))).toEqual(['FORMAT-UNKNOWN'])
    expect(texts(split(Buffer.from(`<marches xmlns="" é='1' a = "2">${one}</marches>`)))).toEqual([
      'DECP-XML-UNKNOWN',
      'DECP-XML-UNKNOWN',
      one,
    ])
    for (const file of [
      `<marches><marches>${one}</marches></marches>`,
      `<marches/><marches>${one}</marches>`,
      `<marches></marches>${one}`,
    ])
      expect(texts(split(Buffer.from(file)))).toEqual(['DECP-XML-REPEATED', one])
    expect(texts(split(Buffer.from(`${one}\n${two}`)))).toEqual([one, 'DECP-XML-REPEATED', two])
  })

  test('a record over the limit is skipped, and a file cut short says so', () => {
    const large = `<marche><objet>${'x'.repeat(5000)}</objet></marche>`
    const cuts = Array.from({ length: 90 }, (_, n) => n * 64)
    expect(texts(split(Buffer.from(`<marches>${one}${large}${two}</marches>`), cuts, { recordBytes: 1000 }))).toEqual([
      one,
      'FORMAT-TOO-LARGE',
      two,
    ])
    expect(texts(split(Buffer.from(file.slice(0, -12))))).toContain('STREAM-CUT')
  })
})

test.each(['utf16le', 'big-endian'])(
  'UTF-16 (%s) stops the stream, with its mark and without, however cut',
  (order) => {
    for (const text of ['\uFEFF<marches><marche/></marches>', '<marches/>', ' <marches/>', '\uFEFF[{}]']) {
      const little = Buffer.from(text, 'utf16le')
      const bytes = order === 'utf16le' ? little : Buffer.from(little).swap16()
      expect(texts(split(bytes))).toEqual(['STREAM-ENCODING'])
      expect(
        split(
          bytes,
          Array.from(bytes, (_, at) => at),
        ),
      ).toEqual(split(bytes))
    }
  },
)

test('gzip in what was unpacked stops the stream', () => {
  expect(texts(split(gzipSync(gzipSync(a))))).toEqual(['FORMAT-COMPRESSED'])
  expect(texts(split(gzipSync(a), [1, 2, 3]))).toEqual(['FORMAT-COMPRESSED'])
})

describe('any bytes', () => {
  test('give items in order and never throw, whole or cut', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      ',',
      ':',
      '\\',
      '"marches":',
      '"marche":[',
      a,
      '<marche>',
      '</marche>',
      '<!--',
      '\n',
      'x',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), fc.array(fc.nat(), { maxLength: 5 }), (parts, cuts) => {
        const bytes = Buffer.from(parts.join(''))
        const items = split(bytes, cuts)
        const numbers = items.flatMap(({ index }) => (index === undefined ? [] : [index]))
        expect(numbers).toEqual(numbers.map((_, at) => at))
      }),
      { numRuns: 500 },
    )
  })
})
