import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openKeys } from '@socle/gateway'
import { jcs, openCheckpoint, parseTrust, type Receipt, verifyReceipt } from '@socle/schemas'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildSmallExport } from '../tamper/small-export.ts'
import { blockOf, derived, makeExample, withBlock } from './spec-example.ts'
import { ask, findOpenssl, maySkip, type Tool } from './tools.ts'

const spec = join(import.meta.dirname, '..', '..', '..', 'schemas', 'spec')
const files = ['receipt.md', 'ledger.md'].map((name) => join(spec, name))
const python = findPython()

function findPython(): Tool {
  const { status } = spawnSync('python3', ['--version'])
  return status === 0 ? { ready: true, command: 'python3' } : { ready: false, reason: 'python3 is not installed' }
}

let root: string
let receiptMd: string
let ledgerMd: string

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'socle-spec-'))
  // UPDATE_SPEC=1 makes the examples anew; without it what the specifications say is what is tested.
  if (process.env['UPDATE_SPEC'] === '1') {
    const settings = {
      environment: 'sandbox',
      origin: 'socle.example/exemple',
      now: new Date('2026-11-24T10:00:00Z'),
    } as const
    const example = await makeExample(openKeys(join(root, 'keys'), settings))
    for (const file of files) {
      const updated = Object.entries(example).reduce(
        (text, [name, block]) => withBlock(text, name, block),
        readFileSync(file, 'utf8'),
      )
      writeFileSync(file, updated)
    }
  }
  ;[receiptMd = '', ledgerMd = ''] = files.map((file) => readFileSync(file, 'utf8'))
})

afterAll(() => rmSync(root, { recursive: true, force: true }))

const example = (name: string): string => blockOf(receiptMd, 'example', name)

describe('the worked examples of the specifications', () => {
  test('the receipt is proved with its document and the keys given', () => {
    const trust = parseTrust({ logVkey: example('log.vkey'), sealCa: example('seal-ca.pem') })
    const content = Buffer.from(example('document.xml'))
    const { verdict, checks } = verifyReceipt(example('receipt.json'), { trust, content })
    expect(checks.filter(({ result }) => result !== 'proved')).toEqual([])
    expect(verdict).toBe('proved')
  })

  test('the envelope and the leaf shown are those of the receipt', () => {
    const receipt = JSON.parse(example('receipt.json')) as Receipt
    expect(`${jcs(receipt.envelope)}\n`).toBe(example('envelope.json'))
    expect(`${receipt.leaf}\n`).toBe(example('leaf.json'))
  })

  test('every value of the ledger example follows from its entries, and the checkpoint closes them', () => {
    const block = (name: string): string => blockOf(ledgerMd, 'example', name)
    const leaves = block('leaves').trimEnd().split('\n')
    expect(leaves.length).toBe(3)
    expect(`${leaves[1]}\n`).toBe(example('leaf.json'))
    for (const [name, text] of Object.entries(derived(leaves))) expect(block(name), name).toBe(text)
    const head = openCheckpoint(block('checkpoint'), parseTrust({ logVkey: example('log.vkey') }).logs)
    expect(head.size).toBe(3)
    expect(Buffer.from(head.root).toString('base64')).toBe(block('nodes').split('\n')[1])
    expect((JSON.parse(example('receipt.json')) as Receipt).checkpoint).toBe(block('checkpoint'))
  })
})

describe.skipIf(maySkip(python) || maySkip(findOpenssl()))('the scripts of the specifications', () => {
  test('the receipt script proves the example, and nothing that was changed', () => {
    const names = ['document.xml', 'receipt.json', 'log.vkey', 'seal-ca.pem']
    for (const name of names) writeFileSync(join(root, name), example(name))
    const script = blockOf(receiptMd, 'script', 'verify-receipt.py')
    const run = () => ask(python, ['-c', script], root)
    expect(run().output).not.toContain('FAILED')
    expect(run().accepted).toBe(true)
    const changes: readonly (readonly [file: string, from: string, to: string, check: string])[] = [
      ['document.xml', 'espaces', 'espace', 'content'],
      ['receipt.json', '"account": "plateforme-a"', '"account": "plateforme-b"', 'envelope'],
      ['receipt.json', '"index": 1', '"index": 0', 'inclusion'],
      ['receipt.json', 'DigestValue>', 'DigestValue> ', 'seal'],
      ['log.vkey', 'exemple', 'example', 'checkpoint'],
    ]
    for (const [file, from, to, check] of changes) {
      const original = readFileSync(join(root, file), 'utf8')
      expect(original).toContain(from)
      writeFileSync(join(root, file), original.replace(from, to))
      expect(run().output, `${file}: ${to}`).toContain(`${check} FAILED`)
      expect(run().accepted).toBe(false)
      writeFileSync(join(root, file), original)
    }
  })

  test('the tree script proves an exported log, and none with a changed entry, tile or root', async () => {
    const { directory, size } = await buildSmallExport(join(root, 'export'))
    const script = blockOf(ledgerMd, 'script', 'verify-tree.py')
    const run = () => ask(python, ['-c', script], directory)
    expect(run().output).toContain(`${size} entries of`)
    for (const file of ['log/tile/entries/000', 'log/tile/0/001.p/44', 'log/tile/1/000.p/1', 'log/checkpoint']) {
      const original = readFileSync(join(directory, file))
      const changed = Buffer.from(original)
      const place = file.endsWith('checkpoint') ? original.indexOf('\n300\n') + 10 : 20
      changed[place] = (changed[place] ?? 0) ^ 0x01
      writeFileSync(join(directory, file), changed)
      expect(run().accepted, file).toBe(false)
      writeFileSync(join(directory, file), original)
    }
    expect(run().accepted).toBe(true)
  })
})
