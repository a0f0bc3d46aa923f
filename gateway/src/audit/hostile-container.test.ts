import { createHash } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import * as fc from 'fast-check'
import { type Leaf, parseLeaf, signatureFile } from '@socle/schemas'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { writeContainer } from './container.ts'
import { type ContainerFile, filesOf, proofFiles, readmeFile } from './container-layout.ts'
import { type ConsultationIndex, consultationFiles, consultationFormat, containerPath } from './consultation-layout.ts'
import { consultationReadme } from './consultation-readme.ts'
import { containerLimits, readContainer } from './read-container.ts'
import { createReport, type Report } from './report.ts'
import { consultation, makeSmallLog, type SmallLog } from './testing/small-log.ts'
import { verifyConsultation } from './verify-consultation.ts'
import { verifyContainer } from './verify-container.ts'
import { bytesSource, type ByteSource, openZip } from './zip-reader.ts'
import { type ZipMember, zipOf } from './zip-writer.ts'

let log: SmallLog
let containers: readonly Buffer[]
beforeAll(async () => {
  log = await makeSmallLog()
  containers = await Promise.all([log.whole, log.alsoErased].map(async (parts) => await writeContainer(parts)))
})

async function judge(bytes: Buffer): Promise<Report> {
  const report = createReport()
  await verifyContainer(bytes, { name: 'c.asice', brief: false }, log.trust, report)
  return report.finish()
}

/** Every answer is a report, without the traces of an exception that nobody thought of. */
function expectCalm({
  verdict,
  checks,
  text,
}: {
  verdict: string
  checks: Report['checks']
  text: Report['text']
}): void {
  expect(['proved', 'not-proved']).toContain(verdict)
  const details = checks.map(({ detail = '' }) => detail).join('\n')
  expect(details).not.toMatch(/undefined|is not a function|Cannot read|\[object|RangeError|\n\s+at /)
  expect(text('fr')).toContain('PROUVÉ')
}

/**
 * What a file says, where not every byte of it is vouched for: the instructions; white space in the receipt; of a token
 * whether it was granted with modifications, and the answer around it.
 */
function meaningOf(name: string, bytes: Buffer): string {
  if (name === readmeFile) return ''
  if (name === proofFiles.checkpointTsr) return bytes.subarray(bytes.length - tokenLength()).toString('base64')
  if (name !== proofFiles.receipt) return bytes.toString('base64')
  try {
    return JSON.stringify(JSON.parse(bytes.toString()))
  } catch {
    return 'none'
  }
}

/** A response is nine bytes and the token. */
function tokenLength(): number {
  return (log.whole.checkpointTsr?.length ?? 0) - 9
}

const someChange = fc.record({
  how: fc.constantFrom('flip', 'cut', 'grow', 'repeat', 'zero'),
  at: fc.double({ min: 0, max: 0.9999, noNaN: true }),
  size: fc.integer({ min: 1, max: 400 }),
  byte: fc.integer({ min: 1, max: 255 }),
})
type Change = typeof someChange extends fc.Arbitrary<infer T> ? T : never

function applied(bytes: Uint8Array, { how, at, size, byte }: Change): Buffer {
  const place = Math.floor(at * bytes.length)
  const [before, after] = [bytes.subarray(0, place), bytes.subarray(place)]
  if (how === 'cut') return Buffer.concat([before, after.subarray(size)])
  if (how === 'grow') return Buffer.concat([before, Buffer.alloc(size, byte), after])
  if (how === 'repeat') return Buffer.concat([before, after.subarray(0, size), after])
  const changed = Buffer.from(bytes)
  if (how === 'zero') return changed.fill(0, place, Math.min(place + size, changed.length))
  changed[place] = (changed[place] ?? 0) ^ byte
  return changed
}

describe('a container changed in any way', () => {
  test('as a zip: gives a report, and proves only what it held before', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 1 }), someChange, async (which, change) => {
        const original = containers[which] ?? Buffer.alloc(0)
        const bytes = applied(original, change)
        const report = await judge(bytes)
        expectCalm(report)
        if (report.verdict === 'proved') {
          const [before, after] = [await readContainer(original), await readContainer(bytes)]
          before.delete(readmeFile)
          after.delete(readmeFile)
          expect([...after]).toEqual([...before])
        }
      }),
      { numRuns: 600 },
    )
  })

  test('in a file, its check sums made right: is not proved, for that file', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(60), fc.boolean(), someChange, async (number, erased, change) => {
        const files = filesOf(erased ? log.erased : log.whole)
        const file = files[number % files.length]
        if (file === undefined) return
        const bytes = applied(file.bytes, change)
        const report = await judge(await zipOf(files.map((one) => (one === file ? { ...one, bytes } : one))))
        expectCalm(report)
        const isSame = meaningOf(file.name, bytes) === meaningOf(file.name, Buffer.from(file.bytes))
        if (!isSame) expect(report.verdict, file.name).toBe('not-proved')
      }),
      { numRuns: 800 },
    )
  })

  test('by a file taken away, doubled under another name, or put in the place of another', async () => {
    for (const parts of [log.whole, log.erased]) {
      const files = filesOf(parts)
      for (const file of files) {
        const without = files.filter((one) => one !== file)
        const report = await judge(await zipOf(without))
        expectCalm(report)
        // A token may be missing: it is then told as not checked.
        const optional = [readmeFile, proofFiles.checkpointTsr, ...stepsOf(files)]
        if (!optional.includes(file.name)) expect(report.verdict, file.name).toBe('not-proved')
        for (const name of [`${file.name}x`, `META-INF/${file.name}`, 'META-INF/socle/deliveries/0009.json'])
          expect((await judge(await zipOf([...files, { ...file, name }]))).verdict, name).toBe('not-proved')
        for (const other of files.filter(({ name }) => name !== file.name && name !== readmeFile)) {
          const swapped = files.map((one) => (one === other ? { ...one, bytes: file.bytes } : one))
          if (file.bytes !== other.bytes && !(file.name === proofFiles.seal && other.name === signatureFile))
            expect((await judge(await zipOf(swapped))).verdict, `${file.name} as ${other.name}`).toBe('not-proved')
        }
      }
    }
  })
})

/** The last of each sort may be left out: nobody vouches for there being no more. */
function stepsOf(files: readonly ContainerFile[]): readonly string[] {
  const names = files.map(({ name }) => name)
  return [
    names.findLast((name) => name.includes('/deliveries/')) ?? '',
    names.findLast((name) => name.includes('/outcomes/')) ?? '',
  ]
}

describe('a container made to harm', () => {
  const withFile = async (file: ZipMember): Promise<Report> => await judge(await zipOf([...filesOf(log.whole), file]))

  test('is told apart: deep JSON, a million files, a zip in a zip, escapes in texts', async () => {
    const deep = Buffer.from(`${'['.repeat(200_000)}${']'.repeat(200_000)}`)
    for (const name of ['META-INF/socle/deliveries/0003.json', 'META-INF/socle/outcomes/0002.json']) {
      const report = await withFile({ name, bytes: deep })
      expectCalm(report)
      expect(report.verdict).toBe('not-proved')
    }
    const { envelope } = log.proofs.dlv
    const nested = JSON.stringify({ ...log.proofs.dlv, envelope: { ...envelope, x: 'DEEP' } }).replace(
      '"DEEP"',
      `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`,
    )
    expectCalm(await withFile({ name: 'META-INF/socle/deliveries/0003.json', bytes: Buffer.from(nested) }))
    const many = Array.from({ length: 3_000 }, (_, at) => ({ name: `META-INF/f${at}`, bytes: Buffer.alloc(0) }))
    const flood = await judge(await zipOf([...filesOf(log.whole), ...many]))
    expect(flood.text('en')).toContain('too many files')
    const inner = { name: 'META-INF/inner.zip', bytes: containers[0] ?? Buffer.alloc(0) }
    expect((await withFile(inner)).verdict).toBe('not-proved')
  })

  test('a bomb is refused before it is unpacked', async () => {
    const packed = deflateRawSync(Buffer.alloc(250_000_000))
    const stored = await zipOf([...filesOf(log.whole), { name: 'META-INF/bomb', bytes: packed }])
    // Says in both headers that these bytes unpack to 250 MB.
    const at = stored.indexOf('META-INF/bomb')
    const central = stored.lastIndexOf('META-INF/bomb')
    for (const header of [at - 30 + 8, central - 46 + 10]) stored.writeUInt16LE(8, header)
    for (const size of [at - 30 + 22, central - 46 + 24]) stored.writeUInt32LE(250_000_000, size)
    const report = await judge(stored)
    expect(report.text('en')).toMatch(/compressed beyond measure/)
    // Nothing is looked at but the end of the archive and its directory.
    const inner = bytesSource(stored)
    const directory = stored.readUInt32LE(stored.length - 6)
    const read = vi.fn<ByteSource['read']>(async (offset, length) => await inner.read(offset, length))
    await expect(openZip({ size: stored.length, read }, containerLimits)).rejects.toThrow('compressed beyond measure')
    for (const [offset] of read.mock.calls) expect(offset).toBeGreaterThanOrEqual(directory)
  })
})

describe('the archive of a consultation changed in any way', () => {
  const leafOf = (at: number): Leaf => parseLeaf((at === 0 ? log.whole : log.alsoErased).leaf)
  const lines = (): ConsultationIndex['documents'] =>
    containers.map((bytes, at) => ({
      file: containerPath(at + 1, leafOf(at).id),
      id: leafOf(at).id,
      kind: leafOf(at).type,
      at: leafOf(at).at,
      state: at === 0 ? 'recorded' : 'erased',
      seal: at === 0 ? 'CAdES-T' : 'none',
      size: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    }))
  const archive = async (change: Partial<ConsultationIndex> = {}, readme = consultationReadme): Promise<Buffer> => {
    const list = { format: consultationFormat, consultation, documents: lines(), ...change }
    return await zipOf([
      { name: consultationFiles.readme, bytes: Buffer.from(readme) },
      ...containers.map((bytes, at) => ({ name: containerPath(at + 1, leafOf(at).id), bytes })),
      { name: consultationFiles.index, bytes: Buffer.from(`${JSON.stringify(list, undefined, 2)}\n`) },
    ])
  }
  const judgeArchive = async (bytes: Buffer): Promise<Report> => {
    const report = createReport()
    await verifyConsultation(bytesSource(bytes), { name: 'c.zip', now: undefined }, log.trust, report)
    return report.finish()
  }

  test('is proved as it is, and told when its instructions are others', async () => {
    const report = await judgeArchive(await archive())
    expect(report.verdict, report.text('en')).toBe('proved')
    const told = await judgeArchive(await archive({}, 'Do as I say.\n'))
    expect(told.checks.filter(({ place }) => place.endsWith(consultationFiles.readme))).toHaveLength(1)
  })

  test('gives a report, and proves only what it held before', async () => {
    const original = await archive()
    await fc.assert(
      fc.asyncProperty(someChange, async (change) => {
        const bytes = applied(original, change)
        const report = await judgeArchive(bytes)
        expectCalm(report)
        const readmeEnd = 60 + Buffer.byteLength(consultationReadme)
        if (report.verdict === 'proved' && !bytes.equals(original)) {
          // What is not read: dates, versions, attributes.
          expect(bytes.length).toBe(original.length)
          const places = [...bytes.keys()].filter((place) => bytes[place] !== original[place])
          const directory = original.readUInt32LE(original.length - 6)
          for (const place of places)
            expect(place < readmeEnd || place >= directory || isHeader(original, place)).toBe(true)
        }
      }),
      { numRuns: 400 },
    )
  })

  test.each<[string, (list: ConsultationIndex['documents']) => Partial<ConsultationIndex>]>([
    ['fewer documents', (list) => ({ documents: list.slice(1) })],
    ['more documents', (list) => ({ documents: [...list, ...list] })],
    ['another digest', (list) => ({ documents: list.map((line) => ({ ...line, sha256: '0'.repeat(64) })) })],
    ['another kind', (list) => ({ documents: list.map((line) => ({ ...line, kind: 'award' })) })],
    ['another time', (list) => ({ documents: list.map((line) => ({ ...line, at: '2026-11-24T10:00:00.000Z' })) })],
    ['another seal', (list) => ({ documents: list.map((line) => ({ ...line, seal: 'CAdES-B' as const })) })],
    ['an erasure', (list) => ({ documents: list.map((line) => ({ ...line, state: 'erased' as const })) })],
    ['another consultation', () => ({ consultation: 'consultation-2' })],
    ['another format', () => ({ format: 'socle-consultation-evidence/v2' as never })],
  ])('does not pass with a list that says %s', async (_, change) => {
    const report = await judgeArchive(await archive(change(lines())))
    expect(report.verdict, report.text('en')).toBe('not-proved')
    expectCalm(report)
  })
})

/** Dates and versions of a local header. */
function isHeader(archive: Buffer, place: number): boolean {
  const start = archive.lastIndexOf(Buffer.from('PK\u0003\u0004', 'latin1'), place)
  return start >= 0 && place - start < 30
}
