import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Report, verifyPath } from '@socle/gateway'
import { parseTrust, type Receipt, type Trust, verifyReceipt } from '@socle/schemas'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chosenSeed } from '../support/seed.ts'
import { buildSmallExport, type SmallExport } from './small-export.ts'

/** Where samples fall. */
const seed = chosenSeed()
console.info(`tamper seed: ${seed}`)

let root: string
let small: SmallExport
let trust: Trust

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'socle-tamper-'))
  small = await buildSmallExport(join(root, 'export'))
  trust = parseTrust(small.keys.trust)
})

afterAll(() => rmSync(root, { recursive: true, force: true }))

/** Of a timestamp response: 0 granted, 1 granted with modifications. Nothing signs it and both mean the same here. */
const statusByte = 8

const at = (file: string): string => join(small.directory, file)

/** Positions in a file: all of them when there are few, else as many as asked, drawn from the seed. */
function positions(length: number, wanted: number): number[] {
  if (length <= wanted) return Array.from({ length }, (_, place) => place)
  const drawn = new Set<number>()
  let state = (seed ^ length) >>> 0
  while (drawn.size < wanted) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    drawn.add(Math.floor((state / 2 ** 32) * length))
  }
  return [...drawn]
}

/** Another value for one byte: the lowest bit flips at even draws, all bits do at odd ones. */
function changed(bytes: Uint8Array, place: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[place] = (copy[place] ?? 0) ^ ((seed + place) % 2 === 0 ? 0x01 : 0xff)
  return copy
}

/** Changes one byte of a file at a time, and gives what the verification of a path says each time. */
async function tamper(file: string, path: string, wanted: number): Promise<{ place: number; report: Report }[]> {
  const original = readFileSync(at(file))
  const reports: { place: number; report: Report }[] = []
  try {
    for (const place of positions(original.length, wanted)) {
      writeFileSync(at(file), changed(original, place))
      reports.push({ place, report: await verifyPath(at(path), { trust: small.directory }) })
    }
  } finally {
    writeFileSync(at(file), original)
  }
  return reports
}

function failures(report: Report): string[] {
  return report.checks.filter(({ result }) => result === 'failed').map(({ place }) => place)
}

describe('an untouched export', () => {
  test('is proved, and its report says what was checked, what was not, and by which keys', async () => {
    const report = await verifyPath(small.directory)
    expect(report.text('fr')).toContain('PROUVÉ : tout ce qui a été vérifié est exact')
    expect(report.verdict).toBe('proved')
    expect(failures(report)).toEqual([])
    expect(report.text('en')).toContain(small.keys.log.vkey)
    const proved = new Set(report.checks.filter(({ result }) => result === 'proved').map(({ place }) => place))
    for (const name of small.names) {
      for (const place of [`receipts/${name}.json`, `documents/${name}.xml`, `evidence/${name}.asice`]) {
        expect(proved, place).toContain(place)
      }
    }
    expect(proved).toContain('log/checkpoint')
    expect(proved).toContain('log/checkpoint.tsr')
    expect(proved).toContain('log/tile/')
  })

  test('is not proved by the keys of another hub', async () => {
    const other = await buildSmallExport(join(root, 'other', 'export'))
    const report = await verifyPath(small.directory, { trust: other.directory })
    expect(report.verdict).toBe('not-proved')
    expect(failures(report)).toContain('log/checkpoint')
    for (const name of small.names) expect(failures(report)).toContain(`receipts/${name}.json`)
  })
})

describe('one byte changed', () => {
  test('anywhere in the checkpoint is found there', async () => {
    for (const { place, report } of await tamper('log/checkpoint', 'log', 1000)) {
      expect(report.verdict, `byte ${place}`).toBe('not-proved')
      expect(failures(report), `byte ${place}`).toEqual(['checkpoint'])
    }
  })

  test.each([
    ['tile/0/000', 60],
    ['tile/0/001.p/44', 60],
    ['tile/1/000.p/1', 32],
  ])('in the tile %s is found there', async (file, wanted) => {
    for (const { place, report } of await tamper(`log/${file}`, 'log', wanted)) {
      expect(report.verdict, `byte ${place}`).toBe('not-proved')
      expect(failures(report), `byte ${place}`).toContain(file)
    }
  })

  test.each(['tile/entries/000', 'tile/entries/001.p/44'])(
    'in the entry bundle %s is found there, with the entry',
    async (file) => {
      for (const { place, report } of await tamper(`log/${file}`, 'log', 120)) {
        expect(report.verdict, `byte ${place}`).toBe('not-proved')
        const found = report.checks.filter((check) => check.place === file && check.result === 'failed')
        expect(found.length, `byte ${place}`).toBeGreaterThan(0)
        expect(found.map(({ detail }) => detail).join(), `byte ${place}`).toMatch(/entry \d+|entries/)
      }
    },
  )

  test('in a document is found there', async () => {
    const name = small.names[2] ?? ''
    for (const { place, report } of await tamper(`documents/${name}.xml`, '.', 12)) {
      expect(report.verdict, `byte ${place}`).toBe('not-proved')
      expect(failures(report), `byte ${place}`).toEqual([`documents/${name}.xml`])
    }
  })

  test('anywhere in a document is refused by its receipt', () => {
    const name = small.names[0] ?? ''
    const receipt = readFileSync(at(`receipts/${name}.json`))
    const document = readFileSync(at(`documents/${name}.xml`))
    expect(verifyReceipt(receipt, { trust, content: document }).verdict).toBe('proved')
    for (const place of positions(document.length, 5000)) {
      const { verdict, checks } = verifyReceipt(receipt, { trust, content: changed(document, place) })
      expect(verdict, `byte ${place}`).toBe('not-proved')
      expect(checks.filter(({ result }) => result === 'failed').map((check) => check.name)).toEqual(['content'])
    }
  })

  test('anywhere in a receipt or in a refusal makes it fail', () => {
    for (const name of [small.names[3] ?? '', small.refusal]) {
      const text = readFileSync(at(`receipts/${name}.json`))
      expect(verifyReceipt(text, { trust }).verdict).toBe('proved')
      for (const place of positions(text.length, 700)) {
        expect(verifyReceipt(changed(text, place), { trust }).verdict, `${name}, byte ${place}`).toBe('not-proved')
      }
    }
  })

  test('anywhere in a seal fails as the seal', () => {
    const receipt = JSON.parse(readFileSync(at(`receipts/${small.names[1]}.json`), 'utf8')) as Receipt
    const seal = Buffer.from(receipt.seal.signature, 'base64')
    for (const place of positions(seal.length, 5000)) {
      const signature = changed(seal, place).toString('base64')
      const { checks } = verifyReceipt({ ...receipt, seal: { ...receipt.seal, signature } }, { trust })
      const failed = checks
        .filter(({ result }) => result !== 'proved' && result !== 'not-checked')
        .map(({ name }) => name)
      expect(failed, `byte ${place}`).toContain('seal-hash')
      // Without the log a changed seal must not pass either: its signature or its certificate says so.
      expect(failed.includes('seal') || failed.includes('seal-authority'), `byte ${place}`).toBe(true)
    }
  })

  test('in the timestamp token is found there', async () => {
    for (const { place, report } of await tamper('checkpoint.tsr', 'log', 150)) {
      if (place === statusByte) continue
      expect(report.verdict, `byte ${place}`).toBe('not-proved')
      expect(failures(report), `byte ${place}`).toEqual(['checkpoint.tsr'])
    }
  })

  test('in any file of a container is found in that container', async () => {
    const file = `evidence/${small.names[4]}.asice`
    const original = readFileSync(at(file))
    const report = await verifyPath(at(file), { trust: small.directory })
    expect(report.verdict).toBe('proved')
    const contents = storedContents(original).filter(({ name }) => !name.endsWith('README.txt'))
    expect(contents.length).toBe(10)
    try {
      for (const { name, from, to } of contents) {
        for (const offset of positions(to - from, 25)) {
          if (name.endsWith('.tsr') && offset === statusByte) continue
          writeFileSync(at(file), changed(original, from + offset))
          const tampered = await verifyPath(at(file), { trust: small.directory })
          expect(tampered.verdict, `${name}, byte ${offset}`).toBe('not-proved')
          expect(failures(tampered).every((place) => place.startsWith(`${small.names[4]}.asice`))).toBe(true)
        }
      }
    } finally {
      writeFileSync(at(file), original)
    }
  })
})

describe('whole pieces exchanged', () => {
  test('a receipt of one document does not prove another', async () => {
    const [first = '', second = ''] = small.names
    const original = readFileSync(at(`documents/${first}.xml`))
    try {
      writeFileSync(at(`documents/${first}.xml`), readFileSync(at(`documents/${second}.xml`)))
      const report = await verifyPath(small.directory)
      expect(failures(report)).toContain(`documents/${first}.xml`)
    } finally {
      writeFileSync(at(`documents/${first}.xml`), original)
    }
  })

  test('a document that nobody recorded is named', async () => {
    try {
      writeFileSync(at('documents/glisse.xml'), '<avis/>')
      expect(failures(await verifyPath(small.directory))).toEqual(['documents/glisse.xml'])
    } finally {
      rmSync(at('documents/glisse.xml'))
    }
  })

  test('a refusal presented as an acceptance fails, whatever else is right', () => {
    const receipt = JSON.parse(readFileSync(at(`receipts/${small.refusal}.json`), 'utf8')) as Receipt
    const { checks } = verifyReceipt({ ...receipt, state: 'recorded' }, { trust })
    expect(checks.filter(({ result }) => result === 'failed').map(({ name }) => name)).toEqual(['state'])
  })
})

/** Where the bytes of each stored file lie in a zip whose local headers follow one another. */
function storedContents(zip: Buffer): { name: string; from: number; to: number }[] {
  const found: { name: string; from: number; to: number }[] = []
  let place = 0
  while (zip.readUInt32LE(place) === 0x04034b50) {
    const length = zip.readUInt32LE(place + 18)
    const nameLength = zip.readUInt16LE(place + 26)
    const from = place + 30 + nameLength + zip.readUInt16LE(place + 28)
    found.push({ name: zip.toString('utf8', place + 30, place + 30 + nameLength), from, to: from + length })
    place = from + length
  }
  return found
}
