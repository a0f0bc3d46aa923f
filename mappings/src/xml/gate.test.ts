import { rules } from '@socle/schemas'
import { XmlDocument } from 'libxml2-wasm'
import { describe, expect, test } from 'vitest'
import { decodeXml } from './encoding.ts'
import { passGate } from './gate.ts'
import { limits, scanMarkup } from './scan.ts'

function refusals(document: string | Uint8Array, maxBytes?: number): string[] {
  const bytes = typeof document === 'string' ? Buffer.from(document) : document
  const gated = passGate(bytes, maxBytes)
  return 'findings' in gated ? gated.findings.map(({ rule }) => rule) : []
}

function messageOf(document: string): string {
  const gated = passGate(Buffer.from(document))
  return 'findings' in gated ? (gated.findings[0]?.message.fr ?? '') : ''
}

/** Every rule of the gate, with a document that breaks it. What passes is everything else in this file. */
const broken: readonly (readonly [rule: string, why: string, document: string | Uint8Array])[] = [
  ['FORMAT-EMPTY', 'nothing', ''],
  ['FORMAT-EMPTY', 'blanks only', ' \n\t '],
  ['XML-NOT-XML', 'plain text', 'bonjour'],
  ['XML-NOT-XML', 'JSON', '{"marches": []}'],
  ['XML-TRUNCATED', 'open elements at the end', '<a>\n<b>\n<c>1</c>'],
  ['XML-TRUNCATED', 'the end inside a tag', '<a>\n<b x="1'],
  ['XML-TRUNCATED', 'the end inside a comment', '<a><!-- note'],
  ['XML-TAG-MISMATCH', 'crossed tags', '<a><b></a></b>'],
  ['XML-REFERENCE', 'a bare ampersand', '<a>Dupont & fils</a>'],
  ['XML-REFERENCE', 'an HTML entity', '<a>&nbsp;</a>'],
  ['XML-REFERENCE', 'a character number out of range', '<a>&#xD800;</a>'],
  ['XML-NAMESPACE', 'a prefix without declaration', '<cbc:ID>1</cbc:ID>'],
  ['XML-CHARACTER', 'a control character', '<a>\u0001</a>'],
  ['XML-MALFORMED', 'two roots', '<a/><b/>'],
  ['XML-MALFORMED', 'an attribute given twice', '<a x="1" x="2"/>'],
  ['XML-MALFORMED', 'a late declaration', '\n<?xml version="1.0"?><a/>'],
  ['XML-DTD', 'a document type', '<!DOCTYPE a><a/>'],
  ['XML-DTD', 'an external entity', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'],
  ['XML-DTD', 'a document type after a comment', '<!-- > --><!DOCTYPE a><a/>'],
  ['XML-DTD', 'entities that multiply', `<!DOCTYPE a [<!ENTITY x "${'y'.repeat(99)}">]><a>${'&x;'.repeat(99)}</a>`],
  ['XML-TOO-DEEP', 'nesting', '<a>'.repeat(101) + '</a>'.repeat(101)],
  ['XML-TOO-MANY', 'elements', `<a>${'<b/>'.repeat(limits.elements)}</a>`],
  ['XML-TOO-MANY', 'attributes of one element', `<a ${Array.from({ length: 1001 }, (_, i) => `a${i}=""`).join(' ')}/>`],
  ['XML-ENCODING', 'a byte that is not UTF-8', Buffer.from('<a>\xe9t\xe9</a>', 'latin1')],
  ['XML-ENCODING', 'an unknown encoding', '<?xml version="1.0" encoding="EBCDIC-CP-FR"?><a/>'],
  [
    'XML-ENCODING',
    'a declaration against the byte order mark',
    '\ufeff<?xml version="1.0" encoding="ISO-8859-1"?><a/>',
  ],
  ['XML-ENCODING', 'UTF-16 declared and not used', '<?xml version="1.0" encoding="UTF-16"?><a/>'],
]

test.each(broken)('%s: %s', (rule, _, document) => {
  expect(refusals(document)).toEqual([rule])
})

test('every rule of the XML catalogue has a breach here or with the reader', () => {
  const own = Object.keys(rules).filter((id) => id.startsWith('XML-') && id !== 'XML-UNREADABLE')
  expect(own.filter((id) => !broken.some(([rule]) => rule === id))).toEqual([])
})

test('a document over the size limit is refused before anything is read', () => {
  expect(refusals(Buffer.alloc(11 * 1024 * 1024))).toEqual(['FORMAT-TOO-LARGE'])
  expect(refusals('<a>12345</a>', 8)).toEqual(['FORMAT-TOO-LARGE'])
})

test('the line of the fault is told', () => {
  expect(messageOf('<a>\n<b/>\n</c>\n</a>')).toContain('Ligne 3')
  expect(messageOf('<a>\n\n<b>1 & 2</b></a>')).toContain('Ligne 3')
  expect(messageOf('<a>\n<b>\n<c>1</c>')).toContain('s’arrête ligne 3')
})

test('every undeclared prefix is told, not the first only', () => {
  expect(refusals('<a><x:b/><y:c/></a>')).toEqual(['XML-NAMESPACE', 'XML-NAMESPACE'])
})

test('a document made to exhaust a parser is refused in little time', () => {
  const bombs = ['<a>'.repeat(2_000_000), `<a>${'<b/>'.repeat(2_000_000)}</a>`, `<a ${'b="" '.repeat(1_900_000)}/>`]
  for (const bomb of bombs) {
    const start = performance.now()
    expect(refusals(bomb).length).toBeGreaterThan(0)
    expect(performance.now() - start).toBeLessThan(2000)
  }
})

describe('encodings', () => {
  const text = (encoding: string) => `<?xml version="1.0" encoding="${encoding}"?><a>Été 2026</a>`
  const files: readonly (readonly [encoding: string, bytes: Buffer])[] = [
    ['UTF-8', Buffer.from(text('UTF-8'))],
    ['UTF-8', Buffer.from(`\ufeff${text('UTF-8')}`)],
    ['ISO-8859-1', Buffer.from(text('ISO-8859-1'), 'latin1')],
    ['ISO-8859-15', Buffer.from(text('ISO-8859-15'), 'latin1')],
    ['windows-1252', Buffer.from(text('windows-1252'), 'latin1')],
    ['UTF-16', Buffer.from(`\ufeff${text('UTF-16')}`, 'utf16le')],
    ['UTF-16', Buffer.from(`\ufeff${text('UTF-16')}`, 'utf16le').swap16()],
  ]

  test.each(files)('a file in %s is read as libxml2 reads it', (_, bytes) => {
    const gated = passGate(bytes)
    expect('text' in gated && gated.text).toContain('Été 2026')
    using document = XmlDocument.fromBuffer(bytes)
    expect(document.root.content).toBe('Été 2026')
  })

  test('a faulty byte is told with its line', () => {
    const bytes = Buffer.concat([Buffer.from('<a>\ncafé\n'), Buffer.from([0xe9]), Buffer.from('\n</a>')])
    expect(decodeXml(bytes)).toMatchObject({ fault: 'invalid', line: 3 })
  })
})

test('markup in comments, CDATA and attribute values is not counted', () => {
  const scan = scanMarkup(`<a t="<>/>" u='"'><!-- <b> --><![CDATA[<c><!DOCTYPE]]><?pi <d> ?><e/></a>`)
  expect(scan).toMatchObject({ elements: 2, attributes: 2, open: 0 })
  expect(scan.stop).toBeUndefined()
})

test.each(['le', 'be'])('UTF-32 (%s) is told by its name, not taken for UTF-16', (order) => {
  const points = [0xfeff, ...Buffer.from('<a/>')]
  const bytes = Buffer.alloc(points.length * 4)
  for (const [index, point] of points.entries())
    if (order === 'le') bytes.writeUInt32LE(point, index * 4)
    else bytes.writeUInt32BE(point, index * 4)
  for (const each of [bytes, bytes.subarray(4)]) {
    const gated = passGate(each)
    expect('findings' in gated && gated.findings.map(({ rule, value }) => [rule, value])).toEqual([
      ['XML-ENCODING', `utf-32${order}`],
    ])
  }
})
