import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import * as nodeFs from 'node:fs'
import * as nodePath from 'node:path/posix'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type GivenFile, mount } from './files.ts'
import * as fs from './fs.ts'
import * as path from './path.ts'

const contents: Readonly<Record<string, Buffer>> = {
  'a.json': Buffer.from('{"é":1}'),
  'log/checkpoint': Buffer.from('x'.repeat(200_000)),
  'log/tile/0/000.p/1': Buffer.alloc(32, 7),
  'log/empty': Buffer.alloc(0),
}

let root: string
beforeAll(() => {
  root = mkdtempSync(nodePath.join(tmpdir(), 'socle-files-'))
  const given = new Map<string, GivenFile>()
  for (const [name, bytes] of Object.entries(contents)) {
    const place = nodePath.join(root, name)
    mkdirSync(nodePath.dirname(place), { recursive: true })
    writeFileSync(place, bytes)
    given.set(place, { size: bytes.length, read: (from, to) => bytes.subarray(from, to) })
  }
  mount(given)
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

type Fs = Pick<typeof fs, 'existsSync' | 'statSync' | 'lstatSync' | 'opendirSync'>

/** What it gives, or how it refuses. */
async function outcome(ask: () => unknown): Promise<unknown> {
  try {
    return await ask()
  } catch (error) {
    return error instanceof Error ? error.message.replace(/, .*$/, '') : 'no error'
  }
}

function namesIn(kind: Fs, place: string): string[] {
  const folder = kind.opendirSync(place)
  const names: string[] = []
  for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) names.push(entry.name)
  folder.closeSync()
  return names.sort()
}

const asked = ['', 'a.json', 'log', 'log/checkpoint', 'log/tile/0/000.p/1', 'log/empty', 'nowhere']

test.each(asked)('%j is there, is read and is listed as by Node', async (name) => {
  const place = nodePath.join(root, name)
  const ways: readonly ((kind: Fs) => unknown)[] = [
    (kind) => kind.existsSync(place),
    (kind) => kind.statSync(place).isFile(),
    (kind) => kind.statSync(place).isDirectory(),
    (kind) => (kind.statSync(place).isFile() ? kind.statSync(place).size : 0),
    (kind) => kind.lstatSync(place).isFile(),
    (kind) => kind.lstatSync(place, { throwIfNoEntry: false }) === undefined,
    (kind) => namesIn(kind, place),
  ]
  for (const [which, way] of ways.entries()) {
    const expected = await outcome(() => way(nodeFs))
    const given = await outcome(() => way(fs))
    // Which of several refusals is told first is each one's own.
    if (typeof expected === 'string' && /^E[A-Z]+:/.test(expected)) expect(given, `${which}`).toMatch(/^E[A-Z]+:/)
    else expect(given, `${which}`).toEqual(expected)
  }
})

test('an open file is read on from where it was left, and to its end', () => {
  const place = nodePath.join(root, 'log/checkpoint')
  const number = fs.openSync(place)
  expect(fs.fstatSync(number).size).toBe(200_000)
  const piece = Buffer.alloc(65_536)
  let total = 0
  for (let read = fs.readSync(number, piece); read > 0; read = fs.readSync(number, piece)) total += read
  expect(total).toBe(200_000)
  expect(fs.readSync(number, piece, 10, 5, 199_998)).toBe(2)
  expect(piece.toString('latin1', 10, 12)).toBe('xx')
  fs.closeSync(number)
  expect(() => fs.readSync(number, piece)).toThrow('EBADF')
  expect(() => fs.openSync(nodePath.join(root, 'nowhere'))).toThrow('ENOENT')
})

test('paths are put together and taken apart as by Node', () => {
  for (const parts of [['/a', 'b'], ['a', '', 'b/'], ['/'], [''], ['/a/', '/b', '..', 'c'], ['a', './b'], ['.']]) {
    const joined = nodePath.join(...parts).replace(/(?<=.)\/$/, '')
    expect(path.join(...parts)).toBe(joined)
    expect(path.basename(joined)).toBe(nodePath.basename(joined))
    expect(path.dirname(joined)).toBe(nodePath.dirname(joined))
  }
})
