import { Buffer as NodeBuffer } from 'node:buffer'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Buffer as PageBuffer } from './buffer.ts'

type Kind = typeof NodeBuffer
const page = PageBuffer as unknown as Kind
const encodings = ['utf8', 'utf-8', 'latin1', 'hex', 'base64', 'binary'] as const

/** The same work on either, told as plain values. */
function alike(work: (kind: Kind) => unknown): void {
  expect(work(page)).toEqual(work(NodeBuffer))
}

const plain = (bytes: Uint8Array): number[] => [...bytes]

test('bytes become text and text becomes bytes as in Node', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.string({ unit: 'grapheme' }), (bytes, text) => {
      for (const encoding of encodings) {
        alike((kind) => kind.from(bytes).toString(encoding))
        alike((kind) => kind.from(bytes).toString(encoding, 2, 9))
      }
      for (const encoding of ['utf8', 'latin1'] as const) alike((kind) => plain(kind.from(text, encoding)))
      for (const encoding of ['hex', 'base64'] as const)
        alike((kind) => plain(kind.from(NodeBuffer.from(bytes).toString(encoding), encoding)))
      alike((kind) => kind.byteLength(text))
    }),
  )
})

test('comparing, cutting and joining', () => {
  const some = fc.uint8Array({ maxLength: 6 })
  fc.assert(
    fc.property(some, some, (left, right) => {
      alike((kind) => kind.from(left).equals(right))
      alike((kind) => kind.from(left).equals(Uint8Array.from(left)))
      alike((kind) => kind.compare(left, right))
      alike((kind) => plain(kind.concat([left, right])))
      alike((kind) => plain(kind.from(left).subarray(1, 3)))
      alike((kind) => plain(kind.from(left).subarray(-2)))
      alike((kind) => kind.from(left).subarray(1) instanceof kind)
    }),
  )
})

test('numbers', () => {
  const bytes = Uint8Array.from([0x81, 0x02, 0x83, 0x04, 0x85, 0x06])
  alike((kind) => kind.from(bytes).readUInt32BE())
  alike((kind) => kind.from(bytes).readUInt32LE(1))
  alike((kind) => kind.from(bytes).readUInt16BE(2))
  alike((kind) => kind.from(bytes).readUInt16LE(2))
  alike((kind) => kind.from(bytes).readUInt8(5))
  for (const size of [1, 2, 3, 4, 6]) {
    alike((kind) => kind.from(bytes).readUIntBE(0, size))
    alike((kind) => kind.from(bytes).readIntBE(0, size))
  }
  const written = (kind: Kind): number[] => {
    const room = kind.alloc(12, 7)
    room.writeUInt32BE(0xfedcba98, 1)
    room.writeUInt16BE(0xabcd, 6)
    room.write('é\u00ff', 8, 'latin1')
    return plain(room)
  }
  alike(written)
  expect(() => page.from(bytes).readUInt32BE(3)).toThrow(RangeError)
})

test('malformed UTF-8 and byte order marks', () => {
  for (const hex of ['efbbbf61', 'c3', 'e28098e2', 'f0808080', 'eda080', 'ff41fe', 'f4908080'])
    alike((kind) => kind.from(hex, 'hex').toString())
  expect(() => page.from([1]).equals('x' as unknown as Uint8Array)).toThrow(TypeError)
})
