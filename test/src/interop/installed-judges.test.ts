import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openTimedSeal, parseCms, parseNote, parseVkey } from '@socle/schemas'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeAgedContainers } from './aged-containers.ts'
import { fileIn } from './change-container.ts'
import { type JudgeName, judged } from './judges-table.ts'
import { makeKeptAuthorities } from './kept-authorities.ts'
import { ask, findCerttool, findOpenssl, maySkip } from './tools.ts'

const openssl = findOpenssl()
const certtool = findCerttool()
const fourMonthsMs = 120 * 86_400_000

let work: string
let trust: string
let logKey: string
let plain: Buffer
let timed: Buffer

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'socle-installed-'))
  const from = new Date(Date.now() - fourMonthsMs)
  const kept = makeKeptAuthorities(work, from)
  trust = kept.trust
  const alone = (await makeAgedContainers(kept.keys, from)).filter(({ what }) => what === 'alone')
  const of = (wanted: 'B' | 'T'): Buffer => alone.find(({ level }) => level === wanted)?.bytes ?? Buffer.alloc(0)
  plain = of('B')
  timed = of('T')
  logKey = readFileSync(join(kept.keys, 'trust', 'log.vkey'), 'utf8').trim()
  mkdirSync(join(work, 'files'))
}, 120_000)

afterAll(() => rmSync(work, { recursive: true, force: true }))

let written = 0
function put(bytes: Uint8Array | string): string {
  const path = join(work, 'files', String(written++))
  writeFileSync(path, bytes)
  return path
}

function flipped(bytes: Uint8Array, place: number): Buffer {
  const copy = Buffer.from(bytes)
  const at = place < 0 ? copy.length + place : place
  copy[at] = (copy[at] ?? 0) ^ 1
  return copy
}

const authority = (use: 'seal' | 'tsa'): string => join(trust, `${use}-ca.pem`)
const manifestIn = (container: Buffer): Buffer => fileIn(container, 'META-INF/ASiCManifest.xml')
const signatureIn = (container: Buffer): Buffer => fileIn(container, 'META-INF/signature.p7s')

/** The same container's seal as it was logged ends with the signature value. */
function changedValue(container: Buffer): Buffer {
  const signature = signatureIn(container)
  return flipped(signature, signature.indexOf(fileIn(container, 'META-INF/socle/seal.p7s').subarray(-16)) + 8)
}

function checkpointIn(container: Buffer): Buffer {
  const proof = fileIn(container, 'META-INF/socle/proof.tlog-proof').toString()
  return Buffer.from(proof.slice(proof.indexOf('\n\n') + 2))
}

/** Keeps the line and insists on it. */
function expectJudged(judge: JudgeName, artefact: string, accepts: boolean, refused: readonly boolean[]): void {
  judged({ judge, artefact, accepts, rejectsChanged: !refused.includes(true) })
  expect(accepts).toBe(true)
  expect(refused).toEqual(refused.map(() => false))
}

describe.skipIf(maySkip(openssl))('OpenSSL', () => {
  test.each(['B', 'T'] as const)('verifies a seal at level %s as CAdES', (level) => {
    const container = level === 'B' ? plain : timed
    const verify = (signature: Uint8Array, manifest: Uint8Array, use: 'seal' | 'tsa'): boolean => {
      const files = ['-in', put(signature), '-content', put(manifest), '-CAfile', authority(use), '-out', put('')]
      const how = ['cms', '-verify', '-cades', '-binary', '-inform', 'DER', '-no-CApath', '-no-CAstore']
      return ask(openssl, [...how, ...files], work).accepted
    }
    const [signature, manifest] = [signatureIn(container), manifestIn(container)]
    expectJudged('OpenSSL', `seal, level ${level}`, verify(signature, manifest, 'seal'), [
      verify(changedValue(container), manifest, 'seal'),
      verify(signature, flipped(manifest, 80), 'seal'),
      verify(signature, manifest, 'tsa'),
    ])
  })

  const verifyToken = (token: Uint8Array, data: Uint8Array, use: 'seal' | 'tsa', ...more: string[]): boolean => {
    const files = ['-in', put(token), '-data', put(data), '-CAfile', authority(use)]
    return ask(openssl, ['ts', '-verify', ...files, ...more], work).accepted
  }

  test('verifies the timestamp of a checkpoint', () => {
    const [token, checkpoint] = [fileIn(plain, 'META-INF/socle/checkpoint.tsr'), checkpointIn(plain)]
    expectJudged('OpenSSL', 'timestamp of a checkpoint', verifyToken(token, checkpoint, 'tsa'), [
      verifyToken(flipped(token, -10), checkpoint, 'tsa'),
      verifyToken(token, flipped(checkpoint, 3), 'tsa'),
      verifyToken(token, checkpoint, 'seal'),
    ])
  })

  test('verifies the timestamp of a seal over its signature value', () => {
    const { token, value } = openTimedSeal(signatureIn(timed))
    const verify = (one: Uint8Array, over: Uint8Array, use: 'seal' | 'tsa'): boolean =>
      verifyToken(one, over, use, '-token_in')
    expectJudged('OpenSSL', 'timestamp of a seal', verify(token, value, 'tsa'), [
      verify(flipped(token, -10), value, 'tsa'),
      verify(token, flipped(value, 20), 'tsa'),
      verify(token, value, 'seal'),
    ])
  })

  test('verifies the signature of a checkpoint with the key of the log', () => {
    const { text, signatures } = parseNote(checkpointIn(plain).toString())
    const { publicKey } = parseVkey(logKey)
    const signature = Buffer.from(signatures[0]?.signature ?? [])
    const key = put(publicKey.export({ type: 'spki', format: 'pem' }).toString())
    const verify = (over: Uint8Array, one: Uint8Array): boolean => {
      const files = ['-inkey', key, '-in', put(over), '-sigfile', put(one)]
      return ask(openssl, ['pkeyutl', '-verify', '-pubin', '-rawin', ...files], work).accepted
    }
    const bytes = Buffer.from(text)
    expectJudged('OpenSSL', 'checkpoint', verify(bytes, signature), [
      ...[0, text.indexOf('\n') + 1, bytes.length - 3].map((place) => verify(flipped(bytes, place), signature)),
      verify(bytes, flipped(signature, 10)),
    ])
  })
})

describe.skipIf(maySkip(certtool))('GnuTLS certtool', () => {
  const verify = (parameters: readonly string[], input: Uint8Array | string, use: 'seal' | 'tsa'): boolean =>
    ask(certtool, [...parameters, '--load-ca-certificate', authority(use), '--infile', put(input)], work).accepted

  test.each(['B', 'T'] as const)('verifies a seal at level %s', (level) => {
    const container = level === 'B' ? plain : timed
    const verifySeal = (signature: Uint8Array, manifest: Uint8Array, use: 'seal' | 'tsa'): boolean =>
      verify(['--p7-verify', '--inder', '--load-data', put(manifest)], signature, use)
    const [signature, manifest] = [signatureIn(container), manifestIn(container)]
    expectJudged('GnuTLS certtool', `seal, level ${level}`, verifySeal(signature, manifest, 'seal'), [
      verifySeal(changedValue(container), manifest, 'seal'),
      verifySeal(signature, flipped(manifest, 80), 'seal'),
      verifySeal(signature, manifest, 'tsa'),
    ])
  })

  test('verifies the token of a seal, whose certificate is for nothing but time', () => {
    const { token } = openTimedSeal(signatureIn(timed))
    const verifyTime = (one: Uint8Array, use: 'seal' | 'tsa', purpose = '1.3.6.1.5.5.7.3.8'): boolean =>
      verify(['--p7-verify', '--inder', '--verify-purpose', purpose], one, use)
    expectJudged('GnuTLS certtool', 'timestamp of a seal', verifyTime(Buffer.from(token), 'tsa'), [
      verifyTime(flipped(token, -10), 'tsa'),
      verifyTime(Buffer.from(token), 'seal'),
      // For signing programs.
      verifyTime(Buffer.from(token), 'tsa', '1.3.6.1.5.5.7.3.3'),
    ])
  })

  test('verifies the certificate of the seal and its way to the authority', () => {
    const [certificate] = parseCms(signatureIn(plain)).certificates
    if (!certificate) throw new Error('the seal brings no certificate')
    const pem = (der: Uint8Array): string =>
      `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64').replaceAll(/.{64}/g, '$&\n').trimEnd()}\n-----END CERTIFICATE-----\n`
    const chain = (leaf: Uint8Array, use: 'seal' | 'tsa'): boolean => {
      const whole = put(pem(leaf) + readFileSync(authority(use), 'utf8'))
      return ask(certtool, ['--verify-chain', '--infile', whole], work).accepted
    }
    const alone = (leaf: Uint8Array, use: 'seal' | 'tsa'): boolean => verify(['--verify'], pem(leaf), use)
    const { raw } = certificate
    expectJudged('GnuTLS certtool', 'seal certificate', chain(raw, 'seal') && alone(raw, 'seal'), [
      chain(flipped(raw, -10), 'seal'),
      chain(raw, 'tsa'),
      alone(flipped(raw, -10), 'seal'),
      alone(flipped(raw, 200), 'seal'),
      alone(raw, 'tsa'),
    ])
  })
})
