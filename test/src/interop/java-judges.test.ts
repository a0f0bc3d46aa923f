import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join as pathOf } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { OracleProcess } from '../oracle/process.ts'
import { type AgedContainer, makeAgedContainers } from './aged-containers.ts'
import { fileIn, withChangedByte } from './change-container.ts'
import { prepareJavaJudges, startJavaJudges } from './java-judges.ts'
import { judged } from './judges-table.ts'
import { makeKeptAuthorities } from './kept-authorities.ts'
import { maySkip } from './tools.ts'

const prepared = await prepareJavaJudges()
const skip = maySkip(prepared.ready ? { ready: true, command: 'java' } : prepared)
const fourMonthsMs = 120 * 86_400_000

const files = {
  envelope: 'envelope.json',
  manifest: 'META-INF/ASiCManifest.xml',
  signature: 'META-INF/signature.p7s',
  seal: 'META-INF/socle/seal.p7s',
  record: 'META-INF/evidencerecord.ers',
  recordManifest: 'META-INF/ASiCEvidenceRecordManifest.xml',
  checkpointToken: 'META-INF/socle/checkpoint.tsr',
  proof: 'META-INF/socle/proof.tlog-proof',
} as const

let work: string
let trust: string
let java: OracleProcess
let containers: readonly AgedContainer[] = []

beforeAll(async () => {
  if (!prepared.ready) throw new Error(prepared.reason)
  work = mkdtempSync(pathOf(tmpdir(), 'socle-java-'))
  const from = new Date(Date.now() - fourMonthsMs)
  const kept = makeKeptAuthorities(work, from)
  trust = kept.trust
  java = startJavaJudges(prepared.home)
  // DSS says INDETERMINATE of what nobody could have revoked.
  for (const name of ['seal-ca', 'tsa-ca'])
    await java.ask('crl', ...['pem', 'key', 'crl'].map((kind) => pathOf(trust, `${name}.${kind}`)))
  containers = await makeAgedContainers(kept.keys, from)
}, 300_000)

afterAll(async () => {
  await java?.[Symbol.asyncDispose]()
  rmSync(work, { recursive: true, force: true })
})

let written = 0
function put(bytes: Uint8Array): string {
  const path = pathOf(work, `file-${written++}`)
  writeFileSync(path, bytes)
  return path
}

/** What is said, or `refused` and why. */
async function ask(...fields: readonly string[]): Promise<readonly string[]> {
  return await java.ask(...fields).catch((error: unknown) => [`refused\t${String(error)}`])
}

const isGood = (lines: readonly string[]): boolean =>
  lines.length > 0 && !lines.some((line) => line.startsWith('refused'))

describe.skipIf(skip)('EU DSS', () => {
  const validate = async (bytes: Uint8Array): Promise<readonly string[]> => await ask('container', put(bytes), trust)

  /** Of the signature, then of every timestamp and evidence record. */
  function passes(lines: readonly string[]): boolean {
    const all = lines.slice(1).map((line) => line.split('\t'))
    const wanted = (kind: string | undefined): string => (kind === 'signature' ? 'TOTAL_PASSED' : 'PASSED')
    return isGood(lines) && all.length > 0 && all.every(([kind, , , indication]) => indication === wanted(kind))
  }

  test('passes every container, its level, each of its timestamps and its evidence record', async () => {
    expect(containers).toHaveLength(8)
    for (const { what, level, tokens, bytes } of containers) {
      const lines = await validate(bytes)
      expect(lines.join('\n'), what).toContain(
        `signature\t${files.signature}\tCAdES-BASELINE-${level}\tTOTAL_PASSED\tnull`,
      )
      const count = (kind: string): number => lines.filter((line) => line.startsWith(kind)).length
      expect(lines[0]).toBe('container\tASiC-E')
      expect(count('timestamp\tSIGNATURE_TIMESTAMP'), what).toBe(level === 'T' ? 1 : 0)
      expect(count('timestamp\tEVIDENCE_RECORD_TIMESTAMP'), what).toBe(tokens)
      expect(count(`evidence-record\t${files.record}`), what).toBe(tokens > 0 ? 1 : 0)
      expect(passes(lines), lines.join('\n')).toBe(true)
    }
  })

  test('rejects each with one byte of a file changed', async () => {
    for (const { what, level, tokens, document, bytes } of containers) {
      const changes = [
        [document, 30],
        [files.envelope, 20],
        [files.manifest, -75],
        [files.signature, placeOfValue(bytes)],
        ...(level === 'T' ? [[files.signature, -10] as const] : []),
        ...(tokens > 0 ? [[files.record, -10] as const, [files.recordManifest, -75] as const] : []),
      ] as const
      let rejected = true
      for (const [file, place] of changes) {
        const lines = await validate(withChangedByte(bytes, file, place))
        expect(passes(lines), `${what}, level ${level}, ${file}: ${lines.join('\n')}`).toBe(false)
        rejected &&= !passes(lines)
      }
      const record = what === 'alone' ? '' : `, ${what}`
      const artefact = `container, level ${level}${record}`
      judged({ judge: 'EU DSS', artefact, accepts: passes(await validate(bytes)), rejectsChanged: rejected })
    }
  }, 300_000)

  test('says that an evidence record is about other bytes', async () => {
    const archived = containers.filter(({ tokens }) => tokens > 0)
    for (const { what, document, bytes } of archived) {
      const lines = await validate(withChangedByte(bytes, document, 30))
      const line = lines.find((one) => one.startsWith('evidence-record'))
      expect(line, what).toMatch(/FAILED\tHASH_FAILURE$/)
    }
  })

  test('trusts nothing under other authorities', async () => {
    const other = makeKeptAuthorities(mkdtempSync(pathOf(work, 'other-')), new Date()).trust
    for (const name of ['seal-ca', 'tsa-ca'])
      await java.ask('crl', ...['pem', 'key', 'crl'].map((kind) => pathOf(other, `${name}.${kind}`)))
    expect(passes(await ask('container', put(containers[0]?.bytes ?? Buffer.alloc(0)), other))).toBe(false)
  })
})

/** A place inside the signature value: the last bytes of the seal, wherever they are once a timestamp follows them. */
function placeOfValue(container: Uint8Array): number {
  const signature = fileIn(container, files.signature)
  return signature.indexOf(fileIn(container, files.seal).subarray(-16)) + 8
}

function flipped(bytes: Uint8Array, place: number): Buffer {
  const copy = Buffer.from(bytes)
  const at = place < 0 ? copy.length + place : place
  copy[at] = (copy[at] ?? 0) ^ 1
  return copy
}

describe.skipIf(skip)('BouncyCastle', () => {
  const authority = (use: 'seal' | 'tsa'): string => pathOf(trust, `${use}-ca.pem`)
  const of = (level: 'B' | 'T'): Buffer =>
    containers.find((one) => one.level === level && one.what === 'alone')?.bytes ?? Buffer.alloc(0)

  test.each(['B', 'T'] as const)(
    'verifies the seal at level %s over its manifest, and nothing changed',
    async (level) => {
      const [signature, manifest] = [fileIn(of(level), files.signature), fileIn(of(level), files.manifest)]
      const verify = async (one: Uint8Array, over: Uint8Array, ca: 'seal' | 'tsa'): Promise<boolean> =>
        isGood(await ask('cms', put(one), put(over), authority(ca)))
      const accepts = await verify(signature, manifest, 'seal')
      const refused = [
        await verify(signature, flipped(manifest, 80), 'seal'),
        await verify(flipped(signature, placeOfValue(of(level))), manifest, 'seal'),
        await verify(signature, manifest, 'tsa'),
      ]
      judged({
        judge: 'BouncyCastle',
        artefact: `seal, level ${level}`,
        accepts,
        rejectsChanged: !refused.includes(true),
      })
      expect(accepts).toBe(true)
      expect(refused).toEqual([false, false, false])
    },
  )

  test('verifies the timestamp over the seal, and none over another signature', async () => {
    const signature = fileIn(of('T'), files.signature)
    const verify = async (one: Uint8Array): Promise<boolean> =>
      isGood(await ask('signature-time', put(one), authority('tsa')))
    const accepts = await verify(signature)
    const refused = [await verify(flipped(signature, placeOfValue(of('T')))), await verify(flipped(signature, -10))]
    judged({ judge: 'BouncyCastle', artefact: 'timestamp of a seal', accepts, rejectsChanged: !refused.includes(true) })
    expect(accepts).toBe(true)
    expect(refused).toEqual([false, false])
    expect(await verify(fileIn(of('B'), files.signature))).toBe(false)
  })

  test('verifies the timestamp of the checkpoint, and none over other bytes', async () => {
    const token = fileIn(of('B'), files.checkpointToken)
    const proof = fileIn(of('B'), files.proof).toString()
    const checkpoint = Buffer.from(proof.slice(proof.indexOf('\n\n') + 2))
    const verify = async (one: Uint8Array, over: Uint8Array): Promise<boolean> =>
      isGood(await ask('token', put(one), put(over), authority('tsa')))
    const accepts = await verify(token, checkpoint)
    const refused = [await verify(flipped(token, -10), checkpoint), await verify(token, flipped(checkpoint, 3))]
    judged({
      judge: 'BouncyCastle',
      artefact: 'timestamp of a checkpoint',
      accepts,
      rejectsChanged: !refused.includes(true),
    })
    expect(accepts).toBe(true)
    expect(refused).toEqual([false, false])
  })

  test('finds the files in every evidence record, and none that is changed or missing', async () => {
    for (const { what, document, bytes } of containers.filter(({ tokens }) => tokens > 0)) {
      const group = [document, files.envelope, files.manifest, files.signature].map((name) => fileIn(bytes, name))
      const record = fileIn(bytes, files.record)
      const verify = async (one: Uint8Array, over: readonly Uint8Array[]): Promise<readonly string[]> =>
        await ask('record', put(one), authority('tsa'), ...over.map((object) => put(object)))
      const said = await verify(record, group)
      const refused = [await verify(flipped(record, -10), group), await verify(record, group.slice(1))]
      for (const at of group.keys())
        refused.push(
          await verify(
            record,
            group.map((object, place) => (place === at ? flipped(object, 30) : object)),
          ),
        )
      const rejectsChanged = !refused.some((lines) => isGood(lines))
      judged({ judge: 'BouncyCastle', artefact: `evidence record, ${what}`, accepts: isGood(said), rejectsChanged })
      expect(said, what).toEqual(['present'])
      expect(
        refused.filter((lines) => isGood(lines)),
        what,
      ).toEqual([])
    }
  })
})
