import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatTlogProof, type Receipt } from '@socle/schemas'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildSmallExport, type SmallExport } from '../tamper/small-export.ts'
import { buildGoJudge } from './go-tools.ts'
import { judged } from './judges-table.ts'
import { type Answer, ask, buildGoVerifier, maySkip, type Tool } from './tools.ts'

/** Verifiers of tile logs and of their proofs, as their authors publish them. */

const repository = join(import.meta.dirname, '..', '..', '..')
const fsck = buildGoJudge(repository, 'fsck')
const spicy = buildGoJudge(repository, 'spicy')
const torchwood = buildGoVerifier(repository)

let root: string
let small: SmallExport
let receipts: readonly Receipt[]
let vkey: string

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'socle-go-judges-'))
  small = await buildSmallExport(join(root, 'export'))
  receipts = [...small.names, small.refusal].map(
    (name) => JSON.parse(readFileSync(join(small.directory, 'receipts', `${name}.json`), 'utf8')) as Receipt,
  )
  vkey = readFileSync(join(small.directory, 'log.vkey'), 'utf8').trim()
})

afterAll(() => rmSync(root, { recursive: true, force: true }))

/** Runs something with one byte of an exported file changed. */
function withFlipped<T>(file: string, place: number, run: () => T): T {
  const path = join(small.directory, file)
  const original = readFileSync(path)
  const changed = Buffer.from(original)
  changed[place] = (changed[place] ?? 0) ^ 0x01
  try {
    writeFileSync(path, changed)
    return run()
  } finally {
    writeFileSync(path, original)
  }
}

describe.skipIf(maySkip(fsck))('tessera fsck', () => {
  /**
   * v1.0.4 exits 0 when the check fails, and may wait for ever after as many faults as it has workers: only its sentence of
   * success counts, and it is given more workers than there can be faults, and a time.
   */
  function check(): Answer {
    if (!fsck.ready) throw new Error(fsck.reason)
    const key = join(root, 'fsck.vkey')
    writeFileSync(key, vkey)
    const log = `file://${join(small.directory, 'log')}/`
    const { stdout, stderr } = spawnSync(
      fsck.command,
      ['--ui=false', '--N=64', `--storage_url=${log}`, `--public_key=${key}`],
      { encoding: 'utf8', timeout: 30_000, killSignal: 'SIGKILL' },
    )
    const output = `${stdout}${stderr}`
    return { accepted: output.includes(`Successfully fsck'd log with size ${small.size} `), output }
  }

  const places = [
    ['log/checkpoint', 40],
    ['log/checkpoint', 120],
    ['log/tile/entries/000', 900],
    ['log/tile/entries/001.p/44', 700],
    ['log/tile/0/000', 4_000],
    ['log/tile/0/001.p/44', 100],
    ['log/tile/1/000.p/1', 5],
  ] as const

  test('checks every tile and bundle of an exported log, and rejects each kind with one byte changed', () => {
    const answer = check()
    expect(answer.accepted, answer.output).toBe(true)
    const rejected = places.map(([file, place]) => withFlipped(file, place, () => !check().accepted))
    expect(rejected).toEqual(places.map(() => true))
    judged({
      judge: 'tessera fsck',
      artefact: 'exported log',
      accepts: true,
      rejectsChanged: !rejected.includes(false),
    })
    expect(check().accepted).toBe(true)
  })
})

/** Files of a receipt, as the two verifiers of torchwood want them. */
function filesOf({ id, leaf, proof, checkpoint }: Receipt): { readonly leaf: string; readonly proof: string } {
  const text = formatTlogProof({ index: proof.index, path: proof.path, checkpoint })
  const path = join(root, id)
  writeFileSync(path, leaf)
  writeFileSync(`${path}.tlog-proof`, text)
  // The command of v0.9.0 reads the form before the header line was specified.
  writeFileSync(`${path}.spicy`, text.slice(text.indexOf('\n') + 1))
  return { leaf: path, proof: `${path}.tlog-proof` }
}

/** One byte changed in the leaf, the place, the path, the size, the root and the signature. */
const changes: readonly ((receipt: Receipt) => Receipt)[] = [
  (receipt) => ({ ...receipt, leaf: receipt.leaf.replace('"v":1', '"v":2') }),
  (receipt) => ({ ...receipt, proof: { ...receipt.proof, index: receipt.proof.index ^ 1 } }),
  (receipt) => ({ ...receipt, proof: { ...receipt.proof, path: receipt.proof.path.map(otherFirst) } }),
  (receipt) => ({
    ...receipt,
    checkpoint: receipt.checkpoint.replace(/\n(\d)/, (_, digit: string) => `\n${10 - Number(digit)}`),
  }),
  (receipt) => ({
    ...receipt,
    checkpoint: receipt.checkpoint.replace(/\n([^\n]+)\n\n/, (_, hash: string) => `\n${otherFirst(hash)}\n\n`),
  }),
  (receipt) => ({
    ...receipt,
    checkpoint: receipt.checkpoint.replace(/(.)(.{8}\n)$/, (_, one: string, end: string) => `${otherFirst(one)}${end}`),
  }),
]

function otherFirst(text: string): string {
  return `${text.startsWith('A') ? 'B' : 'A'}${text.slice(1)}`
}

function judgeProofs(tool: Tool, artefact: string, parameters: (files: ReturnType<typeof filesOf>) => string[]): void {
  const accepts = (receipt: Receipt): boolean => {
    const { accepted } = ask(tool, parameters(filesOf(receipt)), root)
    return accepted
  }
  const good = receipts.map(accepts)
  const rejected = receipts.flatMap((receipt) =>
    changes.map((change, at) => {
      const changed = change(receipt)
      expect(changed, `change ${at}`).not.toEqual(receipt)
      return !accepts(changed)
    }),
  )
  expect(good).toEqual(receipts.map(() => true))
  expect(rejected).not.toContain(false)
  judged({
    judge: 'torchwood spicy',
    artefact,
    accepts: !good.includes(false),
    rejectsChanged: !rejected.includes(false),
  })
}

describe.skipIf(maySkip(spicy))('torchwood spicy', () => {
  test('accepts the proof of each receipt, and none with one byte changed', () => {
    judgeProofs(spicy, 'proof of a receipt (command)', ({ leaf }) => ['-verify', vkey, leaf])
  })
})

describe.skipIf(maySkip(torchwood))('torchwood', () => {
  test('accepts the tlog-proof of each receipt as it is written, and none with one byte changed', () => {
    const policy = join(root, 'policy')
    writeFileSync(policy, `log ${vkey}\nquorum none\n`)
    judgeProofs(torchwood, 'proof of a receipt (library)', ({ leaf, proof }) => ['tlog-proof', policy, leaf, proof])
  })
})
