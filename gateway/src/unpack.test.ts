import { gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { unpack, UnpackError, type UnpackLimits } from './unpack.ts'

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function whole(bytes: Uint8Array, size = 7, limits?: UnpackLimits): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of unpack(pieces(bytes, size), limits)) parts.push(part)
  return Buffer.concat(parts)
}

test('gzip is unpacked and anything else is left as it is, whatever the size of the pieces', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), fc.integer({ min: 1, max: 600 }), async (bytes, size) => {
      expect(await whole(gzipSync(bytes), size)).toEqual(Buffer.from(bytes))
      if (bytes[0] !== 0x1f) expect(await whole(bytes, size)).toEqual(Buffer.from(bytes))
    }),
    { numRuns: 50 },
  )
})

test('files packed one after the other are read on', async () => {
  expect((await whole(Buffer.concat([gzipSync('un '), gzipSync('deux')]))).toString()).toBe('un deux')
})

test('a bomb is stopped long before it is unpacked', async () => {
  const bomb = gzipSync(Buffer.alloc(50_000_000))
  const limits = { bytes: 10_000_000_000, ratio: 100, freeBytes: 1_000_000 }
  let out = 0
  const read = (async () => {
    for await (const part of unpack(pieces(bomb, 1024), limits)) out += part.length
  })()
  await expect(read).rejects.toMatchObject({ name: 'UnpackError', why: 'limit' })
  expect(out).toBeLessThan(3_000_000)
})

test('more bytes than allowed are refused, packed or not', async () => {
  const limits = { bytes: 1000, ratio: 1e9, freeBytes: 0 }
  await expect(whole(Buffer.alloc(1001, 1), 64, limits)).rejects.toThrow(UnpackError)
  await expect(whole(gzipSync(Buffer.alloc(1001)), 64, limits)).rejects.toThrow(UnpackError)
})

test.each([
  ['cut short', gzipSync('bonjour tout le monde').subarray(0, -6)],
  ['damaged', Buffer.concat([gzipSync('bonjour').subarray(0, 12), Buffer.alloc(30, 0xff)])],
])('gzip that is %s is told as such', async (_, bytes) => {
  await expect(whole(bytes)).rejects.toMatchObject({ why: 'damaged' })
})

test('what the source itself says is passed on', async () => {
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield gzipSync('bonjour').subarray(0, 12)
    throw new Error('disk')
  }
  await expect(
    (async () => {
      for await (const _ of unpack(failing())) continue
    })(),
  ).rejects.toThrow('disk')
})
