import { expect, test } from 'vitest'
import { judgeSchemaFaults } from './judge-schema.ts'

const cbc = '{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}'
const told = (message: string): readonly unknown[] =>
  judgeSchemaFaults([{ message, level: 2, line: 7, col: 0, xpath: '/*/cbc:ID' }], 'UBL 2.3', 'Notice').map(
    ({ rule, value, expected, xpath }) => ({ rule, value, expected, xpath }),
  )

test.each([
  [
    `Element '${cbc}Bad': This element is not expected. Expected is one of ( ${cbc}IssueDate, ${cbc}Note ).`,
    { rule: 'XSD-ELEMENT-UNEXPECTED', value: 'cbc:Bad', expected: 'cbc:IssueDate, cbc:Note' },
  ],
  [
    `Element '${cbc}Bad': Missing child element(s). Expected is ( ${cbc}ID ).`,
    { rule: 'XSD-ELEMENT-MISSING', value: undefined, expected: 'cbc:ID' },
  ],
  [
    `Element '${cbc}ID', attribute 'foo': The attribute 'foo' is not allowed.`,
    { rule: 'XSD-ATTRIBUTE-UNEXPECTED', value: 'foo', expected: undefined },
  ],
  [
    `Element '${cbc}D': '2026-13-01' is not a valid value of the atomic type 'xs:date'.`,
    { rule: 'XSD-VALUE', value: '2026-13-01', expected: 'xs:date' },
  ],
  ['Something that nobody has seen before.', { rule: 'XSD-OTHER', value: undefined, expected: undefined }],
])('%s', (message, expected) => {
  expect(told(message)).toEqual([{ ...expected, xpath: '/Notice/cbc:ID' }])
})

test('a date or time with blanks around it, which XML Schema allows, is no fault; a wrong one is', () => {
  const fault = (value: string, type: string): string =>
    `Element 'D': '${value}' is not a valid value of the atomic type 'xs:${type}'.`
  expect(told(fault(' 2026-03-02+01:00\n', 'date'))).toEqual([])
  expect(told(fault('\t11:59:37Z ', 'time'))).toEqual([])
  expect(told(fault(' 2026-13-02 ', 'date'))).toHaveLength(1)
  expect(told(fault('02/03/2026', 'date'))).toHaveLength(1)
})
