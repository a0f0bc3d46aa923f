import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatTlogProof, parseNote, parseVkey, type Receipt } from '@socle/schemas'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { buildSmallExport, type SmallExport } from '../tamper/small-export.ts'
import { judged } from './judges-table.ts'
import { ask, buildGoVerifier, findOpenssl, maySkip } from './tools.ts'

const repository = join(import.meta.dirname, '..', '..', '..')
const openssl = findOpenssl()
const go = buildGoVerifier(repository)

let root: string
let work: string
let small: SmallExport
let receipts: Receipt[]

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'socle-interop-'))
  small = await buildSmallExport(join(root, 'export'))
  const names = [...small.names, small.refusal]
  receipts = names.map((name) => JSON.parse(readFileSync(inExport(`receipts/${name}.json`), 'utf8')) as Receipt)
})

beforeEach(() => {
  work = mkdtempSync(join(root, 'work-'))
})

afterAll(() => rmSync(root, { recursive: true, force: true }))

const inExport = (file: string): string => join(small.directory, file)

function put(name: string, content: string | Uint8Array): string {
  writeFileSync(join(work, name), content)
  return name
}

function flipped(bytes: Uint8Array, place: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[place] = (copy[place] ?? 0) ^ 0x01
  return copy
}

/** Runs something with one byte of an exported file changed. */
function withFlipped<T>(file: string, place: number, run: () => T): T {
  const original = readFileSync(inExport(file))
  try {
    writeFileSync(inExport(file), flipped(original, place))
    return run()
  } finally {
    writeFileSync(inExport(file), original)
  }
}

describe.skipIf(maySkip(go))('golang.org/x/mod sumdb', () => {
  function writeProofs(): string[] {
    return receipts.map(({ id, leaf, proof, checkpoint }) => {
      put(`${id}.leaf`, leaf)
      return put(`${id}.tlog-proof`, formatTlogProof({ index: proof.index, path: proof.path, checkpoint }))
    })
  }

  test('opens the checkpoint, re-hashes every entry against the tiles, and accepts every receipt', () => {
    const answer = ask(go, [small.directory, ...writeProofs()], work)
    expect(answer.output).toBe(`verified ${small.size} entries, ${receipts.length} proofs\n`)
    expect(answer.accepted).toBe(true)
  })

  test.each([
    ['log/checkpoint', 40, /malformed|verif|invalid|hash|line/],
    ['log.vkey', 30, /malformed|invalid|hash|verif/],
    ['log/tile/entries/000', 900, /entry \d+/],
    ['log/tile/entries/001.p/44', 700, /entry \d+/],
    ['log/tile/0/000', 4000, /inconsistent|hash|entry/],
    ['log/tile/0/001.p/44', 100, /inconsistent|hash|entry/],
    ['log/tile/1/000.p/1', 5, /inconsistent|hash/],
  ])('rejects %s with one byte changed', (file, place, reason) => {
    const accepts = ask(go, [small.directory], work).accepted
    const answer = withFlipped(file, place, () => ask(go, [small.directory], work))
    judged({ judge: 'Go x/mod note + tlog', artefact: 'exported log', accepts, rejectsChanged: !answer.accepted })
    expect(accepts).toBe(true)
    expect(answer.accepted).toBe(false)
    expect(answer.output).toMatch(reason)
  })

  test('rejects a receipt whose leaf, path, index or checkpoint is changed', () => {
    const [first] = writeProofs()
    const receipt = receipts[0]
    if (first === undefined || receipt === undefined) throw new Error('no receipt')
    const text = readFileSync(join(work, first), 'utf8')
    const leafName = `${receipt.id}.leaf`
    const accepts = (): boolean => ask(go, [small.directory, first], work).accepted
    expect(accepts()).toBe(true)
    put(leafName, flipped(Buffer.from(receipt.leaf), 12))
    expect(accepts()).toBe(false)
    put(leafName, receipt.leaf)
    for (const altered of [
      text.replace('index 0', 'index 1'),
      text.replace(receipt.proof.path[0] ?? '', receipt.proof.path[1] ?? ''),
      text.replace(`\n${receipt.proof.size}\n`, `\n${receipt.proof.size + 1}\n`),
    ]) {
      expect(altered).not.toBe(text)
      put(first, altered)
      expect(accepts()).toBe(false)
    }
    put(first, text)
    expect(accepts()).toBe(true)
    judged({ judge: 'Go x/mod note + tlog', artefact: 'proof of a receipt', accepts: true, rejectsChanged: true })
  })
})

describe.skipIf(maySkip(openssl))('OpenSSL', () => {
  const cms = (signature: string, manifest: string, authority: string): boolean => {
    const input = `cms -verify -cades -binary -inform DER -in ${signature} -content ${manifest} -out verified`.split(
      ' ',
    )
    return ask(openssl, [...input, '-CAfile', authority, '-no-CApath', '-no-CAstore'], work).accepted
  }

  test('accepts every seal as CAdES under its authority, and rejects it with one byte changed or under another', () => {
    for (const { seal } of receipts) {
      const der = Buffer.from(seal.signature, 'base64')
      const manifest = put('manifest.xml', seal.manifest)
      expect(cms(put('seal.p7s', der), manifest, inExport('seal-ca.pem'))).toBe(true)
      expect(readFileSync(join(work, 'verified'), 'utf8')).toBe(seal.manifest)
      expect(cms('seal.p7s', manifest, inExport('tsa-ca.pem'))).toBe(false)
      expect(cms('seal.p7s', put('other.xml', flipped(Buffer.from(seal.manifest), 60)), inExport('seal-ca.pem'))).toBe(
        false,
      )
      expect(cms(put('other.p7s', flipped(der, der.length - 10)), manifest, inExport('seal-ca.pem'))).toBe(false)
    }
  })

  test('accepts the timestamp of the checkpoint, and rejects it over other bytes, changed, or under another authority', () => {
    const checkpoint = readFileSync(inExport('log/checkpoint'))
    const token = readFileSync(inExport('checkpoint.tsr'))
    const verify = (data: string, response: string, authority: string): boolean =>
      ask(openssl, ['ts', '-verify', '-data', data, '-in', response, '-CAfile', inExport(authority)], work).accepted
    put('checkpoint', checkpoint)
    put('token.tsr', token)
    expect(verify('checkpoint', 'token.tsr', 'tsa-ca.pem')).toBe(true)
    expect(verify(put('other', flipped(checkpoint, 3)), 'token.tsr', 'tsa-ca.pem')).toBe(false)
    expect(verify('checkpoint', put('other.tsr', flipped(token, token.length - 10)), 'tsa-ca.pem')).toBe(false)
    expect(verify('checkpoint', 'token.tsr', 'seal-ca.pem')).toBe(false)
  })

  test('reads the time and the policy of a timestamp', () => {
    const { output } = ask(openssl, ['ts', '-reply', '-in', inExport('checkpoint.tsr'), '-text'], work)
    expect(output).toContain('Status: Granted.')
    expect(output).toContain('Time stamp: Nov 24 08:05:00 2026 GMT')
    expect(output).toContain('Policy OID: 1.3.6.1.4.1.32473.3161.1')
  })

  test('verifies the checkpoint with the raw log key, and rejects one byte changed', () => {
    const { text, signatures } = parseNote(readFileSync(inExport('log/checkpoint'), 'utf8'))
    const { publicKey } = parseVkey(readFileSync(inExport('log.vkey'), 'utf8').trim())
    put('log.pem', publicKey.export({ type: 'spki', format: 'pem' }).toString())
    put('signature', signatures[0]?.signature ?? Buffer.alloc(0))
    const verify = (file: string): boolean =>
      ask(
        openssl,
        ['pkeyutl', '-verify', '-pubin', '-inkey', 'log.pem', '-rawin', '-in', file, '-sigfile', 'signature'],
        work,
      ).accepted
    expect(verify(put('text', text))).toBe(true)
    for (const place of [0, text.indexOf('\n') + 1, text.length - 3]) {
      expect(verify(put('altered', flipped(Buffer.from(text), place))), `byte ${place}`).toBe(false)
    }
  })

  test('finds the certificates fit for their purpose and for no other', () => {
    const certificate = (identity: { readonly certificate: { toString(): string } } | undefined): string =>
      identity?.certificate.toString() ?? ''
    put('seal.pem', certificate(small.keys.seal))
    put('tsa.pem', certificate(small.keys.timestamp))
    const fits = (purpose: string, authority: string, file: string): boolean =>
      ask(openssl, ['verify', '-x509_strict', '-purpose', purpose, '-CAfile', inExport(authority), file], work).accepted
    expect(fits('timestampsign', 'tsa-ca.pem', 'tsa.pem')).toBe(true)
    expect(fits('smimesign', 'seal-ca.pem', 'seal.pem')).toBe(true)
    expect(fits('timestampsign', 'seal-ca.pem', 'seal.pem')).toBe(false)
    expect(fits('smimesign', 'tsa-ca.pem', 'tsa.pem')).toBe(false)
    expect(fits('smimesign', 'tsa-ca.pem', 'seal.pem')).toBe(false)
  })
})
