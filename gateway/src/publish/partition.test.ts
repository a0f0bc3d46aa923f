import { describe, expect, test } from 'vitest'
import { murmur2, partitionOf } from './partition.ts'

describe('the partition of a consultation', () => {
  // The vectors of Kafka's own UtilsTest.testMurmur2.
  test.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('murmur2 of %s is what the Java client computes', (text, expected) => {
    expect(murmur2(Buffer.from(text))).toBe(expected)
  })

  test('is never negative, and beyond ASCII counts bytes, not characters', () => {
    expect(partitionOf('21', 12)).toBe((-973932308 & 0x7fffffff) % 12)
    expect(murmur2(Buffer.from('marché'))).not.toBe(murmur2(Buffer.from('marché', 'latin1')))
    for (let n = 0; n < 1_000; n++) {
      const partition = partitionOf(`consultation-é-${n}`, 12)
      expect(Number.isInteger(partition) && partition >= 0 && partition < 12).toBe(true)
    }
  })

  test('spreads consultations over all of them', () => {
    const count = Array.from({ length: 12 }, () => 0)
    for (let n = 0; n < 12_000; n++) {
      const partition = partitionOf(`0192f0c1-7a3e-7000-8000-${String(n).padStart(12, '0')}`, 12)
      count[partition] = (count[partition] ?? 0) + 1
    }
    for (const each of count) expect(each).toBeGreaterThan(800)
  })
})
