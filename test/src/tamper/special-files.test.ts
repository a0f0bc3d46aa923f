import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { copyOf, type EveryKind, writeEveryKind } from './hostile-files.ts'

/** In processes of their own: whoever waits for a pipe cannot be interrupted from within. */
const command = join(import.meta.dirname, '..', '..', '..', 'gateway', 'bin', 'socle.mjs')
const patience = 60_000

let root: string
let every: EveryKind
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'socle-special-'))
  every = await writeEveryKind(root)
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** What is no file, put where one is expected. */
const specials: Readonly<Record<string, (path: string) => unknown>> = {
  'a pipe nobody writes to': (path) => spawnSync('mkfifo', [path]),
  'a link to a device without end': (path) => symlinkSync('/dev/zero', path),
  'a link to itself': (path) => symlinkSync(path, path),
  'a folder': (path) => mkdirSync(path),
}

interface Ended {
  readonly status: number | null
  readonly text: string
}

function verify(parameters: readonly string[]): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, 'verify', ...parameters, '--lang', 'en'], {
    encoding: 'utf8',
    timeout: patience,
  })
  expect(stderr).toBe('')
  expect(stdout).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m)
  return { status, text: stdout }
}

describe.each(Object.entries(specials))('%s', (_, put) => {
  test.each([
    ['small', 'log/checkpoint'],
    ['small', 'log/tile/entries/001.p/44'],
    ['small', 'log/tile/0/000'],
    ['small', 'checkpoint.tsr'],
    ['dated', 'timestamps.ndjson'],
    ['small', 'documents/piece-17.xml'],
    ['small', 'receipts/piece-17.json'],
    ['small', 'evidence/piece-17.asice'],
  ] as const)('in %s/%s is a failure of that place', (kind, file) => {
    const directory = copyOf(every[kind], join(root, 'broken'))
    try {
      rmSync(join(directory, file))
      put(join(directory, file))
      const { status, text } = verify([directory, '--trust', every[kind]])
      expect(status, text).toBe(1)
      expect(text).toMatch(/^FAILED/m)
    } finally {
      rmSync(directory, { recursive: true })
    }
  })

  test('as the path, the earlier checkpoint, the document or the keys is unusable', () => {
    const place = join(root, 'special')
    put(place)
    const keys = join(root, 'keys')
    mkdirSync(keys)
    put(join(keys, 'log.vkey'))
    try {
      const trust = ['--trust', every.small]
      const receipt = join(every.small, 'receipts', 'piece-17.json')
      for (const parameters of [
        [place, ...trust],
        [join(every.small, 'log'), '--from', place, ...trust],
        [receipt, '--content', place, ...trust],
        [receipt, '--trust', keys],
      ]) {
        const { status, text } = verify(parameters)
        expect(status, `${parameters.join(' ')}\n${text}`).toBe(2)
      }
    } finally {
      rmSync(place, { recursive: true })
      rmSync(keys, { recursive: true })
    }
  })
})
