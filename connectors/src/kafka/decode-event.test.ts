import { describe, expect, test } from 'vitest'
import { parseEvent } from '../kit/hub-event.ts'
import { rawEvent } from '../testing/events.ts'
import { aRecord } from '../testing/records.ts'
import { consultationOf, decodeEvent } from './decode-event.ts'

const structured = (value: string, type = 'application/cloudevents+json; charset=utf-8') => ({
  ...aRecord(7, 6),
  value: Buffer.from(value),
  headers: { 'content-type': type, 'hub-seq': '7', 'hub-prev': '6' },
})

describe('a record becomes the event that feed and webhook give', () => {
  test('in binary mode', () => {
    expect(decodeEvent(aRecord(7, 6))).toEqual(parseEvent(rawEvent(7)))
  })

  test('in structured mode', () => {
    expect(decodeEvent(structured(JSON.stringify(rawEvent(7))))).toEqual(parseEvent(rawEvent(7)))
  })

  test('with the consultation in any script', () => {
    expect(decodeEvent(aRecord(7, 6, { consultation: 'Marché n° 2026/é-1' })).consultation).toBe('Marché n° 2026/é-1')
  })
})

describe('a record is refused, with the reason,', () => {
  test.each([
    ['without ce_specversion', { ...aRecord(7, 6), headers: { 'content-type': 'application/json' } }, /ce_specversion/],
    ['of another version', aRecord(7, 6, { headers: { ce_specversion: '0.3' } }), /CloudEvent 1.0/],
    ['of another content type', aRecord(7, 6, { headers: { 'content-type': 'text/plain' } }), /text\/plain/],
    ['whose value is no JSON', aRecord(7, 6, { value: '{' }), /not a JSON object/],
    ['whose value is no object', aRecord(7, 6, { value: '[]' }), /not a JSON object/],
    ['whose value is not UTF-8', { ...aRecord(7, 6), value: Buffer.from([0x7b, 0xff, 0x7d]) }, /not a JSON object/],
    ['without a value', { ...aRecord(7, 6), value: undefined }, /not a JSON object/],
    ['whose number is no integer', aRecord(7, 6, { headers: { ce_hubseq: '7.5' } }), /hubseq/],
    ['that has two numbers', aRecord(7, 6, { headers: { ce_hubseq: '8' } }), /hub-seq/],
    ['whose key is another consultation', { ...aRecord(7, 6), key: Buffer.from('C-2') }, /key/],
    ['without a key', { ...aRecord(7, 6), key: undefined }, /key/],
    ['whose id is no UUID', aRecord(7, 6, { headers: { ce_id: '../7' } }), /UUID/],
    ['in structured mode with another number', structured(JSON.stringify(rawEvent(8))), /hub-seq/],
  ])('%s', (_, record, reason) => {
    expect(() => decodeEvent(record)).toThrow(reason)
  })
})

test('a key that is no text names no consultation', () => {
  expect(consultationOf({ ...aRecord(1, -1), key: Buffer.from([0xff]) })).toBe('')
})
