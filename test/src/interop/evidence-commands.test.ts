import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { verifyPath } from '@socle/gateway'
import { fileIn, namesIn } from './change-container.ts'
import { makeContainers, type MadeContainers } from './make-container.ts'
import { findOpenssl, maySkip } from './tools.ts'

const readme = 'META-INF/socle/LISEZMOI-README.txt'
let place: string
let made: MadeContainers
beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'socle-commands-'))
  made = await makeContainers(place)
})
afterAll(() => rmSync(place, { recursive: true, force: true }))

/** The commands between the lines that say where to cut, as a reader would paste them. */
function commandsIn(text: string): string {
  return text
    .split('-----8<-----\n')
    .filter((_, part) => part % 2 === 1)
    .join('')
}

interface Run {
  readonly accepted: boolean
  readonly output: string
}

interface Following {
  readonly change?: { readonly file: string; readonly byte: number }
  readonly trust?: string
  /** Of the shell: as a script that stops at the first failure, or else as lines pasted one after the other. */
  readonly pasted?: boolean
}

/** Unpacks with unzip, changes what is told, puts the operator's files there, and does what the instructions say. */
function follow(archive: string, { change, trust = made.trust, pasted = false }: Following = {}): Run {
  const directory = mkdtempSync(join(place, 'unpacked-'))
  const unpacked = spawnSync('unzip', ['-q', archive, '-d', directory], { encoding: 'utf8' })
  expect(unpacked.status, unpacked.stderr).toBe(0)
  cpSync(trust, directory, { recursive: true })
  if (change) {
    const bytes = readFileSync(join(directory, change.file))
    bytes[change.byte] = (bytes[change.byte] ?? 0) ^ 0x01
    writeFileSync(join(directory, change.file), bytes)
  }
  const root = archive.endsWith('.zip') ? 'LISEZMOI-README.txt' : readme
  const commands = commandsIn(readFileSync(join(directory, root), 'utf8'))
  const { status, stdout, stderr } = spawnSync('sh', [pasted ? '-u' : '-eu'], {
    cwd: directory,
    input: commands,
    encoding: 'utf8',
  })
  rmSync(directory, { recursive: true, force: true })
  return { accepted: status === 0, output: `${stdout}${stderr}` }
}

describe.skipIf(maySkip(findOpenssl()))('the commands of the instructions', () => {
  test('prove a timestamped notice with its delivery and its outcome', () => {
    const { accepted, output } = follow(made.timed)
    expect(accepted, output).toBe(true)
    expect(output.match(/CAdES Verification successful/g)).toHaveLength(2)
    // The seal, and the checkpoint over each of the three entries.
    expect(output.match(/Verification: OK/g)).toHaveLength(4)
    expect(output.match(/Signature Verified Successfully/g)).toHaveLength(4)
    for (const line of ['document.xml OK', 'document commitment OK', 'outcomes-0001 is about the document OK'])
      expect(output).toContain(line)
    expect(output).toContain('Time stamp:')
    expect(output).not.toContain('FAILED')
  })

  test('prove a document without any outside time, a confidential one, and an erasure', () => {
    const plain = follow(made.plain)
    expect(plain.accepted, plain.output).toBe(true)
    expect(plain.output).not.toContain('Verification: OK')
    const confidential = follow(made.confidential)
    expect(confidential.accepted, confidential.output).toBe(true)
    expect(confidential.output).toContain('deliveries-0001 is about the document OK')
    const erased = follow(made.erased)
    expect(erased.accepted, erased.output).toBe(true)
    expect(erased.output).toContain('erasure is about the document OK')
  })

  test('compare the containers of a consultation with its list', () => {
    const { accepted, output } = follow(made.consultation)
    expect(accepted, output).toBe(true)
    expect(output.match(/\.asice OK/g)).toHaveLength(2)
  })

  test('refuse each part with one byte changed', () => {
    const parts = [
      ['timed', namesIn(readFileSync(made.timed))],
      ['erased', namesIn(readFileSync(made.erased))],
    ] as const
    for (const [which, names] of parts) {
      const container = readFileSync(made[which])
      for (const file of names.filter((name) => name !== readme && name !== 'mimetype')) {
        // In the middle, and near the end: of signatures that is the signature value or its timestamp.
        const { length } = fileIn(container, file)
        for (const byte of [Math.floor(length / 2), length - 20])
          expect(follow(made[which], { change: { file, byte } }).accepted, `${which} ${file} ${byte}`).toBe(false)
      }
    }
  })

  test('say FAILED for each part with one byte changed when they are pasted, and OK for the others', () => {
    const right = follow(made.timed, { pasted: true }).output
    expect(right).not.toMatch(failing)
    for (const line of ['document.xml OK', 'envelope.json OK', 'seal OK', 'envelope OK'])
      expect(linesOf(right)).toContain(line)
    for (const which of ['timed', 'erased'] as const) {
      const container = readFileSync(made[which])
      for (const file of namesIn(container).filter((name) => name !== readme && name !== 'mimetype')) {
        const change = { file, byte: Math.floor(fileIn(container, file).length / 2) }
        const { output } = follow(made[which], { change, pasted: true })
        expect(output, `${which} ${file}`).toMatch(failing)
        const told = linesOf(output).filter((line) => /^(?:document\.xml|envelope\.json|seal|envelope) /.test(line))
        expect(told, `${which} ${file}`).toEqual(which === 'erased' ? [] : toldWith(file))
      }
    }
  })

  test('say FAILED for a container of a consultation that is not the listed one', () => {
    const [first = '', second = ''] = namesIn(readFileSync(made.consultation)).filter((name) => name.endsWith('.asice'))
    const { output } = follow(made.consultation, { change: { file: second, byte: 1_000 }, pasted: true })
    expect(linesOf(output)).toEqual([`${first} OK`, `${second} FAILED`])
  })

  test('refuse the keys of another operator', async () => {
    const other = await makeContainers(join(place, mkdirOf('other')))
    for (const name of ['seal-ca.pem', 'log.vkey', 'tsa-ca.pem']) {
      const mixed = mkdtempSync(join(place, 'mixed-'))
      cpSync(made.trust, mixed, { recursive: true })
      cpSync(join(other.trust, name), join(mixed, name))
      expect(follow(made.timed, { trust: mixed }).accepted, name).toBe(false)
    }
  })
})

/** How a failed check is told, by these commands and by OpenSSL. */
const failing = /FAILED|failure/i

function linesOf(output: string): string[] {
  return output.split('\n').filter((line) => line !== '')
}

/** What steps 2 to 4 say when the middle byte of one file is another. */
function toldWith(file: string): string[] {
  const said = (line: string, files: readonly string[]): string => `${line} ${files.includes(file) ? 'FAILED' : 'OK'}`
  return [
    said('envelope.json', ['envelope.json']),
    said('document.xml', ['document.xml']),
    said('seal', ['META-INF/socle/seal.p7s']),
    said('envelope', ['envelope.json']),
  ]
}

function mkdirOf(name: string): string {
  mkdirSync(join(place, name))
  return name
}

describe('the same containers', () => {
  test('are proved by our own verifier, each without another file than its own', async () => {
    for (const path of [made.timed, made.plain, made.confidential, made.erased, made.consultation]) {
      const report = await verifyPath(path, { trust: made.trust })
      expect(report.verdict, report.text('en')).toBe('proved')
    }
    const erased = await verifyPath(made.erased, { trust: made.trust })
    expect(erased.text('fr')).toMatch(/effacé le .*2026-17/)
    expect(namesIn(readFileSync(made.erased))).toEqual([
      'mimetype',
      'META-INF/socle/leaf.json',
      'META-INF/socle/proof.tlog-proof',
      'META-INF/socle/checkpoint.tsr',
      'META-INF/socle/erasure.json',
      readme,
    ])
  })
})
