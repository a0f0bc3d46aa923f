import { deflateRawSync, crc32 } from 'node:zlib'
import { parseReceipt } from '@socle/schemas'
import * as fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  containerType,
  entryProofFormat,
  filesOf,
  proofFiles,
  readmeFile,
  type WholeParts,
} from './container-layout.ts'
import { writeContainer } from './container.ts'
import { readContainer } from './read-container.ts'

const receipt = parseReceipt({
  format: 'socle-receipt/v1',
  environment: 'sandbox',
  state: 'recorded',
  id: '01990000-0000-7000-8000-000000000001',
  envelope: {
    v: 1,
    id: '01990000-0000-7000-8000-000000000001',
    kind: 'doc',
    type: 'notice',
    environment: 'sandbox',
    at: '2026-11-24T10:00:00.000Z',
  },
  salt: 'AAECAwQFBgcICQoLDA0ODw==',
  leaf: '{}',
  proof: { index: 0, size: 1, path: [] },
  checkpoint: 'x',
  seal: { manifest: '<m/>', signature: 'MAA=' },
})

const parts: WholeParts = {
  document: { name: 'document.xml', bytes: Buffer.from('<avis/>') },
  envelope: Buffer.from('{}'),
  manifest: '<m/>',
  signature: Buffer.from('3000', 'hex'),
  receipt,
  leaf: '{}',
  tlogProof: 'proof',
  checkpointTsr: Buffer.from('3003', 'hex'),
}

afterEach(() => vi.unstubAllEnvs())

describe('the evidence container', () => {
  test('begins with its type, uncompressed and without extra field, as EN 319 162-1 asks', async () => {
    const bytes = await writeContainer(parts)
    expect(bytes.toString('latin1', 30, 38 + containerType.length)).toBe(`mimetype${containerType}`)
    expect(bytes.readUInt16LE(8)).toBe(0)
    expect(bytes.readUInt16LE(28)).toBe(0)
  })

  test('has at its root only what the manifest names, and everything else under META-INF', async () => {
    const files = await readContainer(await writeContainer(parts))
    const names = [...files.keys()]
    expect(names.filter((name) => !name.startsWith('META-INF/'))).toEqual(['mimetype', 'document.xml', 'envelope.json'])
    expect(names).toContain('META-INF/ASiCManifest.xml')
    expect(names).toContain('META-INF/signature.p7s')
    for (const name of [...Object.values(proofFiles).filter((file) => file !== proofFiles.erasure), readmeFile])
      expect(names).toContain(name)
    expect(files.get('document.xml')?.toString()).toBe('<avis/>')
    expect(parseReceipt(files.get(proofFiles.receipt))).toEqual(receipt)
  })

  test('is the same bytes whatever the time zone and the moment, for any parts', async () => {
    const bytes = fc.uint8Array({ maxLength: 200 })
    const proof = fc.record({ format: fc.constant(entryProofFormat), leaf: fc.string(), proof: fc.string() })
    const someParts = fc.record(
      {
        document: fc.record({ name: fc.constantFrom('document.xml', 'document.json'), bytes }),
        timedSignature: bytes,
        checkpointTsr: bytes,
        deliveries: fc.array(proof, { maxLength: 5 }),
        outcomes: fc.array(proof, { maxLength: 5 }),
        evidenceRecord: fc.record({ manifest: fc.string(), record: bytes }),
      },
      { requiredKeys: [] },
    )
    const { document, checkpointTsr, ...fewest } = parts
    expect(document && checkpointTsr).toBeDefined()
    const zones = ['UTC', 'Pacific/Auckland', 'America/Noronha', 'Europe/Paris', 'Asia/Kathmandu']
    await fc.assert(
      fc.asyncProperty(someParts, fc.constantFrom(...zones), fc.constantFrom(...zones), async (some, one, other) => {
        const those: WholeParts = { ...fewest, ...some }
        vi.stubEnv('TZ', one)
        const first = await writeContainer(those)
        vi.stubEnv('TZ', other)
        vi.setSystemTime(new Date('2036-02-29T23:59:59Z'))
        expect((await writeContainer(those)).equals(first)).toBe(true)
        vi.useRealTimers()
        const names = [...(await readContainer(first)).keys()]
        expect(names).toEqual(filesOf(those).map(({ name }) => name))
        expect(names.indexOf('META-INF/ASiCManifest.xml')).toBe(some.document ? 3 : 2)
      }),
      { numRuns: 60 },
    )
  })

  test('leaves out what there is not: a refusal has no document, a young checkpoint no timestamp', async () => {
    const { document, checkpointTsr, ...rest } = parts
    expect(document).toBeDefined()
    expect(checkpointTsr).toBeDefined()
    const names = [...(await readContainer(await writeContainer(rest))).keys()]
    expect(names).not.toContain('document.xml')
    expect(names).not.toContain(proofFiles.checkpointTsr)
  })

  test('refuses a document name that would escape or hide another file', async () => {
    for (const name of ['../x', 'envelope.json', 'META-INF/x', 'mimetype']) {
      await expect(writeContainer({ ...parts, document: { name, bytes: Buffer.alloc(1) } })).rejects.toThrow('name')
    }
  })
})

describe('reading a container', () => {
  test('refuses what does not begin as one, what is cut, and what is damaged', async () => {
    const bytes = await writeContainer(parts)
    await expect(readContainer(Buffer.from('PK'))).rejects.toThrow('begin')
    await expect(readContainer(Buffer.concat([Buffer.from('x'), bytes]))).rejects.toThrow('begin')
    await expect(readContainer(bytes.subarray(0, -30))).rejects.toThrow('unpacked')
    const damaged = Buffer.from(bytes)
    const place = damaged.indexOf('<avis/>')
    damaged[place] = 0x21
    await expect(readContainer(damaged)).rejects.toThrow('document.xml is damaged')
  })

  test('refuses a file that unpacks beyond measure, two files of one name, and too many files', async () => {
    const first = { name: 'mimetype', content: Buffer.from(containerType), packed: false }
    const bomb = { name: 'document.xml', content: Buffer.alloc(5_000_000), packed: true }
    await expect(readContainer(zipOf([first, bomb]))).rejects.toThrow('beyond measure')
    const twin = { name: 'envelope.json', content: Buffer.from('{}'), packed: false }
    await expect(readContainer(zipOf([first, twin, twin]))).rejects.toThrow('same name')
    const many = Array.from({ length: 2_100 }, (_, at) => ({ ...twin, name: `META-INF/${at}` }))
    await expect(readContainer(zipOf([first, ...many]))).rejects.toThrow('too many files')
    await expect(readContainer(zipOf([first, { ...twin, name: '../x' }]))).rejects.toThrow('unpacked')
  })
})

/** A zip as an attacker would write it. */
function zipOf(files: readonly { name: string; content: Buffer; packed: boolean }[]): Buffer {
  const locals: Buffer[] = []
  const centrals: Buffer[] = []
  let offset = 0
  for (const { name, content, packed } of files) {
    const data = packed ? deflateRawSync(content) : content
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(packed ? 8 : 0, 4)
    common.writeUInt32LE(crc32(content), 10)
    common.writeUInt32LE(data.length, 14)
    common.writeUInt32LE(content.length, 18)
    common.writeUInt16LE(name.length, 22)
    const local = Buffer.concat([Buffer.from('504b0304', 'hex'), common, Buffer.from(name), data])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    centrals.push(Buffer.concat([Buffer.from('504b01021400', 'hex'), common, tail, Buffer.from(name)]))
    locals.push(local)
    offset += local.length
  }
  const directory = Buffer.concat(centrals)
  const end = Buffer.alloc(22)
  end.write('504b0506', 'hex')
  end.writeUInt16LE(files.length, 8)
  end.writeUInt16LE(files.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, directory, end])
}
