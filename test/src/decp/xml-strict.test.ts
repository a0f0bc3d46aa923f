import { createStreamExaminer, examine } from '@socle/mappings'
import { expect, test } from 'vitest'
import { aContractInXml } from './faults.ts'

const now = new Date('2026-11-24T12:00:00Z')
const good = aContractInXml()
const xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'

function rejects(file: string): { whole: string[]; stream: string[] } {
  const bytes = Buffer.from(file)
  const examiner = createStreamExaminer({ now })
  const streamed = [...examiner.push(bytes), ...examiner.end()].flatMap(({ findings }) => findings)
  const [whole, stream] = [examine(bytes, { now }).findings, streamed].map((findings) =>
    findings.filter(({ severity }) => severity === 'reject').map(({ rule }) => rule),
  )
  return { whole: whole ?? [], stream: stream ?? [] }
}

test('a file that names its schema is accepted, whole and in a stream', () => {
  expect(rejects(good)).toEqual({ whole: [], stream: [] })
  const named = good.replace('<marches>', `<marches ${xsi} xsi:noNamespaceSchemaLocation="x.xsd">`)
  expect(rejects(named)).toEqual({ whole: [], stream: [] })
})

test.each([
  ['an attribute of the root', '<marches>', '<marches foo="1">', 'DECP-XML-UNKNOWN'],
  ['text in the root', '<marches>', '<marches>texte', 'DECP-XML-TEXT'],
  ['xsi:nil beside a value', '<dureeMois>', `<dureeMois ${xsi} xsi:nil="true">`, 'DECP-XML-UNKNOWN'],
  ['a whole number with decimals', '</dureeMois>', '.0</dureeMois>', 'DECP-TYPE'],
])('%s is refused, whole and in a stream', (_, before, after, rule) => {
  const spoilt = good.replace(before, after)
  expect(spoilt).not.toBe(good)
  expect(rejects(spoilt)).toEqual({ whole: [rule], stream: [rule] })
})

test.each([
  ['a namespace', '<marches>', '<marches xmlns="urn:x">'],
  ['a root inside another', '<marches>', '<marches><marches/>'],
  ['a second document', '</marches>', `</marches>${good.slice(good.indexOf('<marches>'))}`],
])('%s is refused, whole and in a stream', (_, before, after) => {
  const { whole, stream } = rejects(good.replace(before, after))
  expect([whole.length > 0, stream.length > 0]).toEqual([true, true])
})
