import { buffer } from 'node:stream/consumers'
import { crc32 as nodeCrc32, deflateRawSync, inflateRawSync } from 'node:zlib'
import * as real from 'yauzl'
import { ZipFile } from 'yazl'
import { expect, test } from 'vitest'
import { inflateExactly } from './inflate.ts'
import * as page from './yauzl.ts'
import { crc32 } from './zlib.ts'

type Open = (bytes: Buffer) => Promise<page.ZipFile | real.ZipFile>

const openReal: Open = async (bytes) =>
  await real.fromBufferPromise(bytes, { lazyEntries: true, strictFileNames: true, validateEntrySizes: true })
const openPage: Open = async (bytes) => await page.fromBufferPromise(bytes)

/** All that a reader is told, or the words of the refusal; those of a damaged compression are each library's own. */
async function told(open: Open, bytes: Buffer): Promise<unknown> {
  const seen: unknown[] = []
  try {
    const zip = await open(bytes)
    for await (const entry of zip.eachEntry()) {
      const { fileName, crc32: sum, compressedSize, uncompressedSize, compressionMethod } = entry
      seen.push([fileName, sum, compressedSize, uncompressedSize])
      const parts: Buffer[] = []
      try {
        for await (const part of await zip.openReadStreamPromise(entry as real.Entry & page.Entry))
          parts.push(part as Buffer)
      } catch (error) {
        seen.push(compressionMethod === 8 ? 'refused' : reason(error))
        break
      }
      seen.push(Buffer.concat(parts).toString('hex'))
    }
  } catch (error) {
    seen.push(reason(error))
  }
  return seen
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : 'no error'
}

async function zipOf(compress: boolean, forceZip64Format = false): Promise<Buffer> {
  const zip = new ZipFile()
  const mtime = new Date(2000, 0, 1, 12)
  for (const [name, text] of [
    ['mimetype', 'application/x'],
    ['dossier/pièce.xml', '<avis/>'.repeat(20)],
    ['empty', ''],
  ] as const)
    zip.addBuffer(Buffer.from(text), name, { compress, mtime, forceZip64Format })
  zip.end()
  return await buffer(zip.outputStream)
}

test.each([
  ['stored', false, false],
  ['compressed', true, false],
  ['64-bit', false, true],
] as const)('a %s zip file is read as by yauzl, with every byte changed or cut off too', async (_, compress, wide) => {
  const bytes = await zipOf(compress, wide)
  expect(await told(openPage, bytes)).toEqual(await told(openReal, bytes))
  expect(JSON.stringify(await told(openPage, bytes))).toContain('pièce.xml')
  for (let at = 0; at < bytes.length; at += 1) {
    for (const mask of [0x01, 0x40, 0xff]) {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ mask
      expect(await told(openPage, changed), `byte ${at} ^ ${mask}`).toEqual(await told(openReal, changed))
    }
    const cut = bytes.subarray(0, at)
    expect(await told(openPage, cut), `cut at ${at}`).toEqual(await told(openReal, cut))
  }
})

test('CRC-32 is that of node:zlib', () => {
  for (const bytes of ['', 'a', 'é☃'.repeat(99)].map((text) => Buffer.from(text)))
    expect(crc32(bytes)).toBe(nodeCrc32(bytes))
})

test('what is unpacked has the size that was announced, whatever the file holds', () => {
  const text = Buffer.from('abc'.repeat(100_000))
  const packed = deflateRawSync(text)
  expect(inflateRawSync(packed).length).toBe(text.length)
  expect(inflateExactly(packed, text.length).equals(text)).toBe(true)
  expect(() => inflateExactly(packed, text.length - 1)).toThrow(/too many bytes/)
  expect(() => inflateExactly(packed, text.length + 1)).toThrow(/not enough bytes/)
  expect(() => inflateExactly(packed.subarray(0, -4), text.length)).toThrow()
  expect(() => inflateExactly(Buffer.from('nonsense'), 8)).toThrow()
})
