import { buffer } from 'node:stream/consumers'
import * as fc from 'fast-check'
import { fromBufferPromise } from 'yauzl'
import { ZipFile } from 'yazl'
import { describe, expect, test } from 'vitest'
import { type ByteSource, bytesSource, openZip, readEntry, type ZipLimits } from './zip-reader.ts'
import { zipChunks, type ZipMember, zipOf } from './zip-writer.ts'

const limits: ZipLimits = { entries: 1_000, entryBytes: 10_000_000, bytes: 10_000_000, ratio: 200 }

const someMembers = fc.uniqueArray(
  fc.record({
    name: fc.stringMatching(/^[A-Za-z0-9_-]{1,8}(?:\/[A-Za-z0-9_-]{1,8}){0,2}\.x$/),
    bytes: fc.uint8Array({ maxLength: 300 }),
  }),
  { selector: ({ name }) => name, maxLength: 12 },
)

async function readAll(archive: Buffer): Promise<Map<string, Buffer>> {
  const source = bytesSource(archive)
  const files = new Map<string, Buffer>()
  for (const entry of await openZip(source, limits)) files.set(entry.name, await readEntry(source, entry))
  return files
}

describe('an archive that is written', () => {
  test('is read back by this reader and by another one, and is the same bytes each time', async () => {
    await fc.assert(
      fc.asyncProperty(someMembers, async (members) => {
        const archive = await zipOf(members)
        expect((await zipOf(members)).equals(archive)).toBe(true)
        expect([...(await readAll(archive))]).toEqual(members.map(({ name, bytes }) => [name, Buffer.from(bytes)]))
        const zip = await fromBufferPromise(archive, { lazyEntries: true, strictFileNames: true })
        const names: string[] = []
        for await (const entry of zip.eachEntry()) {
          names.push(entry.fileName)
          const bytes = await buffer(await zip.openReadStreamPromise(entry))
          expect(bytes.equals(Buffer.from(members[names.length - 1]?.bytes ?? []))).toBe(true)
          expect(entry.getLastModDate({ forceDosFormat: true }).getFullYear()).toBe(2000)
        }
        expect(names).toEqual(members.map(({ name }) => name))
      }),
      { numRuns: 50 },
    )
  })

  test('is made while it is read: a member is asked for once the one before it was taken', async () => {
    let asked = 0
    const members = (function* (): Generator<ZipMember> {
      for (asked = 1; asked <= 5; asked++) yield { name: `m${asked}`, bytes: Buffer.alloc(100_000) }
    })()
    const chunks = zipChunks(members)
    for (let taken = 0; taken < 3; taken++) await chunks.next()
    expect(asked).toBe(1)
    await chunks.return()
    expect(asked).toBe(1)
  })

  test('holds plain names only', async () => {
    await expect(zipOf([{ name: 'é', bytes: Buffer.alloc(0) }])).rejects.toThrow('cannot be stored')
  })

  test('has Zip64 records beyond 65 535 files, which both readers follow', async () => {
    const members = Array.from({ length: 66_000 }, (_, at) => ({ name: `f${at}`, bytes: Buffer.alloc(0) }))
    const archive = await zipOf(members)
    const entries = await openZip(bytesSource(archive), { ...limits, entries: 70_000 })
    expect(entries.length).toBe(66_000)
    expect((await fromBufferPromise(archive, { lazyEntries: true })).entryCount).toBe(66_000)
  })

  test('has Zip64 offsets beyond 4 GiB: files there are found', async () => {
    // 4 GiB that nobody holds: one block again and again, and only what differs from it is kept.
    const block = Buffer.alloc(16_777_216, 7)
    const members = Array.from({ length: 257 }, (_, at) => ({ name: `b${at}`, bytes: block }))
    const last = { name: 'last', bytes: Buffer.from('the last one') }
    const { source, size } = await sparse(zipChunks([...members, last]), block)
    expect(size).toBeGreaterThan(4_294_967_296)
    const entries = await openZip(source, { entries: 300, entryBytes: block.length, bytes: size, ratio: 1 })
    const found = entries.at(-1)
    expect(found?.offset).toBeGreaterThan(4_294_967_296)
    expect(found && (await readEntry(source, found)).toString()).toBe('the last one')
  })
})

/** Keeps the pieces of an archive except those of the block: they are alike. */
async function sparse(
  chunks: AsyncIterable<Uint8Array>,
  block: Buffer,
): Promise<{ readonly source: ByteSource; readonly size: number }> {
  const pieces: { readonly at: number; readonly bytes: Uint8Array }[] = []
  let size = 0
  for await (const bytes of chunks) {
    pieces.push({ at: size, bytes: bytes.buffer === block.buffer ? block.subarray(0, bytes.length) : bytes })
    size += bytes.length
  }
  const read = async (offset: number, length: number): Promise<Buffer> => {
    const parts: Uint8Array[] = []
    for (const { at, bytes } of pieces) {
      const [from, to] = [Math.max(offset - at, 0), Math.min(offset + length - at, bytes.length)]
      if (from < to) parts.push(bytes.subarray(from, to))
    }
    return Buffer.concat(parts)
  }
  return { source: { size, read }, size }
}

describe('an archive that is read', () => {
  const small = async (): Promise<Buffer> =>
    await zipOf([
      { name: 'a', bytes: Buffer.from('first') },
      { name: 'b/c', bytes: Buffer.from('second') },
    ])

  test('may come from another writer, packed or not', async () => {
    const zip = new ZipFile()
    for (const compress of [true, false])
      zip.addBuffer(Buffer.from('abc '.repeat(20)), `f${compress}`, {
        compress,
        mtime: new Date(2020, 1, 1),
        forceDosTimestamp: true,
      })
    zip.end()
    const files = await readAll(await buffer(zip.outputStream))
    expect([...files.values()].map(String)).toEqual(['abc '.repeat(20), 'abc '.repeat(20)])
  })

  test('is refused whatever one byte of its structure says otherwise, unless nothing is read from it', async () => {
    const archive = await small()
    const good = [...(await readAll(archive))]
    const passed: number[] = []
    for (let place = 0; place < archive.length; place++) {
      for (const flip of [0x01, 0x80]) {
        const changed = Buffer.from(archive)
        changed[place] = (changed[place] ?? 0) ^ flip
        const files = await readAll(changed).catch((error: unknown) => {
          expect((error as Error).name, `byte ${place}`).toBe('ProofError')
          return undefined
        })
        if (!files) continue
        // Versions, dates and attributes: what is in the files is the same.
        expect([...files], `byte ${place}`).toEqual(good)
        passed.push(place)
      }
    }
    expect(new Set(passed).size).toBeLessThan(70)
  })

  test.each<[string, (archive: Buffer) => Buffer]>([
    ['bytes before it', (archive) => Buffer.concat([Buffer.from('x'), archive])],
    ['bytes after it', (archive) => Buffer.concat([archive, Buffer.from('x')])],
    ['bytes between a file and the directory', (archive) => withGap(archive)],
    ['an extra field of the directory, which may carry another name', (archive) => withExtra(archive)],
    ['an extra field before a file', (archive) => withExtra(archive, 28)],
    ['a link', (archive) => withMode(archive, 0o120777)],
    ['a folder', (archive) => withMode(archive, 0o040755)],
    ['a file that runs as its owner', (archive) => withMode(archive, 0o104755)],
    ['no end', (archive) => archive.subarray(0, -22)],
    ['nothing at all', () => Buffer.alloc(0)],
  ])('is refused with %s', async (_, change) => {
    await expect(readAll(change(await small()))).rejects.toThrow()
  })

  test.each(['../x', '/x', 'a//b', 'a/', './x', 'a\\b', 'C:x', '..', 'a/../b', 'a b'])(
    'is refused with the name %j',
    async (name) => {
      const archive = await zipOf([{ name: 'n'.repeat(name.length), bytes: Buffer.from('x') }])
      const renamed = Buffer.from(archive.toString('latin1').replaceAll('n'.repeat(name.length), name), 'latin1')
      await expect(readAll(renamed)).rejects.toThrow('leads elsewhere')
    },
  )

  test('is refused before anything is unpacked when it has too many files or too many bytes', async () => {
    const archive = await small()
    for (const less of [{ entries: 1 }, { entryBytes: 5 }, { bytes: 10 }])
      await expect(openZip(bytesSource(archive), { ...limits, ...less })).rejects.toThrow(/too many/)
  })
})

/** Moves the directory one byte away, and says so in the end. */
function withGap(archive: Buffer): Buffer {
  const offset = archive.readUInt32LE(archive.length - 6)
  const moved = Buffer.concat([archive.subarray(0, offset), Buffer.alloc(1), archive.subarray(offset)])
  moved.writeUInt32LE(offset + 1, moved.length - 6)
  return moved
}

/** An Info-ZIP Unicode path in the line of the directory for the first file, or (its length at 28) in its local header. */
function withExtra(archive: Buffer, local?: 28): Buffer {
  const extra = Buffer.from('7570060001000000007a', 'hex')
  const directory = archive.readUInt32LE(archive.length - 6)
  const at = local === undefined ? directory + 46 + 1 : 30 + 1
  const grown = Buffer.concat([archive.subarray(0, at), extra, archive.subarray(at)])
  if (local === undefined) {
    grown.writeUInt16LE(extra.length, directory + 30)
    grown.writeUInt32LE(archive.readUInt32LE(archive.length - 10) + extra.length, grown.length - 10)
    return grown
  }
  grown.writeUInt16LE(extra.length, local)
  const second = directory + extra.length + 46 + 1
  grown.writeUInt32LE(archive.readUInt32LE(directory + 46 + 1 + 42) + extra.length, second + 42)
  grown.writeUInt32LE(directory + extra.length, grown.length - 6)
  return grown
}

function withMode(archive: Buffer, mode: number): Buffer {
  const changed = Buffer.from(archive)
  changed.writeUInt16LE(mode, archive.readUInt32LE(archive.length - 6) + 40)
  return changed
}
