import { spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatTlogProof, makeVkey, type Receipt } from '@socle/schemas'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask as get } from '../flow/party.ts'
import { buyerSiret } from '../support/award.ts'
import { startHub } from '../support/hub.ts'
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
async function withFlipped<T>(file: string, place: number, run: () => Promise<T>): Promise<T> {
  const path = join(small.directory, file)
  const original = readFileSync(path)
  const changed = Buffer.from(original)
  changed[place] = (changed[place] ?? 0) ^ 0x01
  try {
    writeFileSync(path, changed)
    return await run()
  } finally {
    writeFileSync(path, original)
  }
}

describe.skipIf(maySkip(fsck))('tessera fsck', () => {
  /**
   * v1.0.4 exits 0 when the check fails, and may wait for ever after as many faults as it has workers: only its sentence of
   * success counts, and it is given more workers than there can be faults, and a time. Beside it this process goes on, for
   * the log may be served by it.
   */
  async function check(url: string, size: number, logKey = vkey): Promise<Answer> {
    if (!fsck.ready) throw new Error(fsck.reason)
    const key = join(root, 'fsck.vkey')
    writeFileSync(key, logKey)
    const child = spawn(fsck.command, ['--ui=false', '--N=64', `--storage_url=${url}`, `--public_key=${key}`], {
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: 30_000,
      killSignal: 'SIGKILL',
    })
    let output = ''
    child.stderr.on('data', (piece: Buffer) => (output += piece.toString('utf8')))
    await once(child, 'close')
    return { accepted: output.includes(`Successfully fsck'd log with size ${size} `), output }
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

  test('checks every tile and bundle of an exported log, and rejects each kind with one byte changed', async () => {
    const exported = async (): Promise<Answer> => await check(`file://${join(small.directory, 'log')}/`, small.size)
    const answer = await exported()
    expect(answer.accepted, answer.output).toBe(true)
    const rejected: boolean[] = []
    for (const [file, place] of places)
      rejected.push(await withFlipped(file, place, async () => !(await exported()).accepted))
    expect(rejected).toEqual(places.map(() => true))
    judged({
      judge: 'tessera fsck',
      artefact: 'exported log',
      accepts: true,
      rejectsChanged: !rejected.includes(false),
    })
    expect((await exported()).accepted).toBe(true)
  })

  test('checks the log that a hub serves, and rejects it under another key', async () => {
    await using hub = await startHub()
    await hub.account('profil-a', { buyers: [buyerSiret] })
    const size = Number((await get(hub, '/log/checkpoint')).text.split('\n')[1])
    const answer = await check(`${hub.url}/log/`, size, hub.hub.keys.log.vkey)
    expect(answer.accepted, answer.output).toBe(true)
    const other = makeVkey(hub.hub.keys.log.origin, generateKeyPairSync('ed25519').publicKey)
    const isRejected = !(await check(`${hub.url}/log/`, size, other)).accepted
    judged({ judge: 'tessera fsck', artefact: 'log of a running hub', accepts: true, rejectsChanged: isRejected })
    expect(isRejected).toBe(true)
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

  test('accepts the tlog-proof in each container, and none with one byte changed', () => {
    const policy = join(root, 'policy')
    writeFileSync(policy, `log ${vkey}\nquorum none\n`)
    const accepts = ({ leaf }: Receipt, text: string): boolean => {
      const files = [join(root, 'member.leaf'), join(root, 'member.tlog-proof')] as const
      writeFileSync(files[0], leaf)
      writeFileSync(files[1], text)
      return ask(torchwood, ['tlog-proof', policy, ...files], root).accepted
    }
    const names = [...small.names, small.refusal]
    const proofs = names.map((name) => proofIn(readFileSync(join(small.directory, 'evidence', `${name}.asice`))))
    const good = receipts.map((receipt, at) => accepts(receipt, proofs[at] ?? ''))
    const bad = receipts.map((receipt, at) =>
      accepts(
        receipt,
        (proofs[at] ?? '').replace(/\n(\S{44})\n/, (_, hash: string) => `\n${otherFirst(hash)}\n`),
      ),
    )
    expect([good, bad]).toEqual([receipts.map(() => true), receipts.map(() => false)])
    judged({ judge: 'torchwood spicy', artefact: 'proof in a container', accepts: true, rejectsChanged: true })
  })
})

/** Members of a container are stored as they are: the proof can be cut out of it. */
function proofIn(container: Buffer): string {
  return /c2sp\.org\/tlog-proof@v1\n[^]*?\n\n[^]*?\n\n(?:— [^\n]+\n)+/.exec(container.toString('utf8'))?.[0] ?? ''
}
