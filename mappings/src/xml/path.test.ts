import { expect, test } from 'vitest'
import { namespaces } from './namespaces.ts'
import { all, path, placeOf, textAt, textsAt } from './path.ts'
import { readXml } from './read.ts'

const root = readXml(
  `<N xmlns:x="${namespaces['cac']}" xmlns:y="${namespaces['cbc']}">
    <x:Lot><y:ID schemeName="Lot">1</y:ID><x:Kind><y:Code listName="a">A</y:Code><y:Code listName="b">B</y:Code></x:Kind></x:Lot>
    <x:Lot><y:ID schemeName="Part">2</y:ID><y:Type>free</y:Type></x:Lot>
    <x:Lot><y:ID schemeName="Lot"> 3 </y:ID><y:Type/></x:Lot>
  </N>`,
  12,
)

test('a path finds by namespace and name, whatever the prefix of the file', () => {
  expect(textsAt(root, path('cac:Lot/cbc:ID'))).toEqual(['1', '2', '3'])
  expect(all(root, path('cbc:Lot'))).toEqual([])
})

test('a step can ask for an attribute, a child text or an attribute of a child', () => {
  expect(textsAt(root, path("cac:Lot[cbc:ID/@schemeName='Lot']/cbc:ID"))).toEqual(['1', '3'])
  expect(textAt(root, path("cac:Lot[cbc:Type='free']/cbc:ID"))).toBe('2')
  expect(textAt(root, path("cac:Lot/cac:Kind/cbc:Code[@listName='b']"))).toBe('B')
})

test('an empty element has no text, and its place is still told', () => {
  expect(textsAt(root, path('cac:Lot/cbc:Type'))).toEqual(['free'])
  expect(placeOf(root, path('cac:Lot/cac:Kind'))).toBe('/N/x:Lot[1]/x:Kind')
  expect(placeOf(root, path('cac:Missing'))).toBe('/N/cac:Missing')
})

test('a path that is not one is a fault of ours, found when it is compiled', () => {
  expect(() => path('cac:Lot[1]')).toThrow('not a path step')
  expect(() => path('zzz:Lot')).toThrow('no namespace')
})
