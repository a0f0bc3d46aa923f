import * as fc from 'fast-check'
import { XmlCData, XmlDocument, XmlElement, XmlText } from 'libxml2-wasm'
import { describe, expect, test } from 'vitest'
import { passGate } from './gate.ts'
import { type XmlNode, textOf, xpathOf } from './node.ts'
import { readXml } from './read.ts'

function read(text: string): XmlNode {
  const gated = passGate(Buffer.from(text))
  if ('findings' in gated) throw new Error(gated.findings[0]?.message.en)
  return readXml(gated.text, gated.elements)
}

test('text is kept as it stands: no number is guessed and no zero is lost', () => {
  expect(read('<a>007.50</a>').text).toBe('007.50')
  expect(read('<a x="01"/>').attrs['x']).toBe('01')
  expect(read('<a>  b  </a>').text).toBe('  b  ')
  expect(textOf(read('<a>\n 1e5 \n</a>'))).toBe('1e5')
})

test('a comment splits nothing: the text around it is one', () => {
  expect(read('<a>2026<!-- année -->-03-02</a>').text).toBe('2026-03-02')
})

test('CDATA is text that nothing is decoded in', () => {
  expect(read('<a>1 &lt; 2 <![CDATA[& <b>&amp;</b>]]></a>').text).toBe('1 < 2 & <b>&amp;</b>')
})

test('references are decoded once', () => {
  expect(read('<a x="&#233;&quot;">&amp;lt; &#x1F600; &apos;</a>')).toMatchObject({
    text: "&lt; 😀 '",
    attrs: { x: 'é"' },
  })
})

test('white space between elements is not text', () => {
  expect(read('<a>\n  <b/>\n  <b/>\n</a>').text).toBe('')
})

test('names of JavaScript are names like others', () => {
  const root = read(
    '<a><valueOf/><toString hasOwnProperty="2">1</toString><constructor __proto__="3"/><__proto__/></a>',
  )
  expect(root.children.map(({ name }) => name)).toEqual(['valueOf', 'toString', 'constructor', '__proto__'])
  expect(root.children[1]?.attrs['hasOwnProperty']).toBe('2')
  expect(root.children[2]?.attrs['__proto__']).toBe('3')
  expect(root.attrs['constructor']).toBeUndefined()
})

test('prefixes are resolved where they are declared, and can change meaning below', () => {
  const root = read(
    '<p:a xmlns:p="urn:1" xmlns="urn:2"><b/><p:c xmlns:p="urn:3"><p:d/></p:c><p:e xmlns=""><f/></p:e></p:a>',
  )
  const names = (node: XmlNode): string[] => [`${node.ns} ${node.name}`, ...node.children.flatMap(names)]
  expect(names(root)).toEqual(['urn:1 a', 'urn:2 b', 'urn:3 c', 'urn:3 d', 'urn:1 e', ' f'])
})

test('an XPath tells the place among brothers of one name only', () => {
  const root = read('<a><b/><c/><b><d/></b></a>')
  const [first, second, third] = root.children
  expect([first, second, third].map((node) => node && xpathOf(node))).toEqual(['/a/b[1]', '/a/c', '/a/b[2]'])
  expect(third?.children[0] && xpathOf(third.children[0])).toBe('/a/b[2]/d')
})

describe('two readers agree', () => {
  /** The same shape from libxml2, whose reading of the standard is the reference. */
  function shape(element: XmlElement): unknown {
    // Asked by XPath: the library has no node for a processing instruction and would stop at one.
    const children = element.find('*').map((child) => (child instanceof XmlElement ? shape(child) : undefined))
    const text = element
      .find('text()')
      .map((node) => (node instanceof XmlText || node instanceof XmlCData ? node.content : ''))
      .join('')
    const attrs = Object.fromEntries(
      element.attrs.map(({ name, prefix, content }) => [prefix ? `${prefix}:${name}` : name, content]),
    )
    const isLayout = children.length > 0 && /^[ \t\r\n]*$/.test(text)
    return { name: element.name, ns: element.namespaceUri, attrs, text: isLayout ? '' : text, children }
  }

  function ours(node: XmlNode): unknown {
    const attrs = Object.fromEntries(Object.entries(node.attrs).filter(([name]) => !/^xmlns(:|$)/.test(name)))
    return { name: node.name, ns: node.ns, attrs, text: node.text, children: node.children.map(ours) }
  }

  const name = fc.constantFrom('a', 'b', 'p:a', 'q:b', 'valueOf', 'constructor', '__proto__', 'x-1', '_y', 'é')
  const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&#62;')
  const words = fc
    .string({ unit: fc.constantFrom('a', 'é', ' ', '\n', '<', '&', '"', "'", '>', '7', '😀', '\t', ']', '\r') })
    .map(escape)
  const piece = fc.oneof(
    { weight: 4, arbitrary: words },
    fc.constantFrom(
      '<!-- <z> " -->',
      '<![CDATA[<z>&]]>',
      '<!---->',
      '&#10;',
      '<![CDATA[]]>',
      `<?note l'avis "> ?>`,
      '\r\n',
      '\r',
      '&#13;',
    ),
  )
  const attributes = fc
    .uniqueArray(fc.tuple(fc.constantFrom('k', 'q:k', 'valueOf', 'l'), words), {
      selector: ([key]) => key,
      maxLength: 3,
    })
    .map((list) => list.map(([key, value]) => ` ${key} = "${value.replaceAll('"', '&quot;')}"`).join('\n'))
  const { tree } = fc.letrec<{ tree: string }>((tie) => ({
    tree: fc
      .tuple(name, attributes, fc.array(fc.oneof({ depthSize: 'small' }, piece, tie('tree')), { maxLength: 4 }))
      .map(([name, attrs, inner]) =>
        inner.length === 0 ? `<${name}${attrs} />` : `<${name}${attrs}>${inner.join('')}</${name} >`,
      ),
  }))

  test('on any document built from names, attributes, texts, comments and CDATA', () => {
    fc.assert(
      fc.property(tree, (inner) => {
        const text = `<r xmlns:p="urn:p" xmlns:q="urn:q" xmlns="urn:d">${inner}</r>`
        using document = XmlDocument.fromString(text)
        expect(ours(read(text))).toEqual(shape(document.root))
      }),
      { numRuns: 300 },
    )
  })
})

test('quotes and brackets in processing instructions and comments are no markup', () => {
  const root = read(`<?xml version="1.0"?><!-- <z> --><a><?note l'avis > ?><b/><!-- </a> ' --><c t="'>"/></a><?end <?>`)
  expect(root.children.map(({ name, attrs }) => [name, { ...attrs }])).toEqual([
    ['b', {}],
    ['c', { t: "'>" }],
  ])
})

test('line ends are one character, in text and in attributes', () => {
  const root = read('<a x="1\r\n2\t3&#13;&#10;4">1\r\n2\r3&#13;</a>')
  expect(root.text).toBe('1\n2\n3\r')
  expect(root.attrs['x']).toBe('1 2 3\r\n4')
})

test('another number of elements than the gate counted refuses the document', () => {
  expect(() => readXml('<a><b/></a>', 3)).toThrow('2 elements read, 3 counted')
  expect(() => readXml('<a><b></a>', 2)).toThrow('end tag')
  expect(() => readXml('<a><b>', 2)).toThrow('not closed')
  expect(() => readXml('<a/><b/>', 2)).toThrow('2 root elements')
})
