import { createHash, createPublicKey, verify } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  emptyRoot,
  jcs,
  leafHash,
  nodeHash,
  parseVkey,
  rootAt,
  verifyConsistency,
  verifyInclusion,
} from '@socle/schemas'
import { describe, expect, test } from 'vitest'
import { judged } from './judges-table.ts'
import { maySkip, type Tool } from './tools.ts'
import { fetchVectors, makeMerkleVectors } from './vectors.ts'

const asTool = (vectors: { readonly ready: true } | { readonly ready: false; readonly reason: string }): Tool =>
  vectors.ready ? { ready: true, command: 'go' } : vectors

interface WycheproofGroup {
  readonly publicKey?: { readonly pk: string }
  readonly publicKeyDer: string
  readonly tests: readonly {
    readonly tcId: number
    readonly comment: string
    readonly msg: string
    readonly sig: string
    readonly result: 'valid' | 'invalid' | 'acceptable'
  }[]
}

const wycheproof = fetchVectors('wycheproof')

describe.skipIf(maySkip(asTool(wycheproof)))('Wycheproof', () => {
  function groupsOf(file: string): readonly WycheproofGroup[] {
    if (!wycheproof.ready) throw new Error(wycheproof.reason)
    const text = readFileSync(join(wycheproof.directory, 'testvectors_v1', file), 'utf8')
    return (JSON.parse(text) as { readonly testGroups: readonly WycheproofGroup[] }).testGroups
  }

  /** Ids of tests whose verdict is not the one that they ask for. */
  function wrongIn(
    file: string,
    accepts: (group: WycheproofGroup, message: Buffer, signature: Buffer) => boolean,
  ): { readonly valid: number; readonly invalid: number; readonly wrong: readonly string[] } {
    const counts = { valid: 0, invalid: 0 }
    const wrong: string[] = []
    for (const group of groupsOf(file)) {
      for (const { tcId, comment, msg, sig, result } of group.tests) {
        if (result === 'acceptable') continue
        counts[result]++
        const accepted = accepts(group, Buffer.from(msg, 'hex'), Buffer.from(sig, 'hex'))
        if (accepted !== (result === 'valid')) wrong.push(`${tcId} ${result} ${comment}`)
      }
    }
    return { ...counts, wrong }
  }

  test('of Ed25519: keys as a log publishes them, signatures as its checkpoints are verified', () => {
    const { valid, invalid, wrong } = wrongIn('ed25519_test.json', ({ publicKey }, message, signature) => {
      const { publicKey: key } = parseVkey(vkeyOf(Buffer.from(publicKey?.pk ?? '', 'hex')))
      return verify(null, message, key, signature)
    })
    judge('Ed25519, keys of logs', wrong)
    expect(wrong).toEqual([])
    expect([valid, invalid]).toEqual([88, 63])
  })

  test('of ECDSA P-256 with SHA-256: signatures as those of seals and tokens are verified', () => {
    const { valid, invalid, wrong } = wrongIn('ecdsa_secp256r1_sha256_test.json', (group, message, signature) =>
      verify(
        'sha256',
        message,
        createPublicKey({ key: Buffer.from(group.publicKeyDer, 'hex'), format: 'der', type: 'spki' }),
        signature,
      ),
    )
    judge('ECDSA P-256, as in seals', wrong)
    expect(wrong).toEqual([])
    expect([valid, invalid]).toEqual([174, 310])
  })

  function judge(artefact: string, wrong: readonly string[]): void {
    const isAsked = (result: string): boolean => !wrong.some((one) => one.split(' ')[1] === result)
    judged({ judge: 'Wycheproof', artefact, accepts: isAsked('valid'), rejectsChanged: isAsked('invalid') })
  }

  /** Verifier key of a note: name, key id, then algorithm 1 and the raw key. */
  function vkeyOf(raw: Buffer): string {
    const key = Buffer.concat([Buffer.of(1), raw])
    const id = createHash('sha256').update('essai\n').update(key).digest('hex').slice(0, 8)
    return `essai+${id}+${key.toString('base64')}`
  }
})

interface MerkleVector {
  readonly kind: 'root' | 'inclusion' | 'consistency'
  readonly change: string
  readonly index: number
  readonly size1: number
  readonly size: number
  readonly leaf: string
  readonly root1: string
  readonly root: string
  readonly proof: readonly string[]
  readonly good: boolean
}

const merkle = makeMerkleVectors()

describe.skipIf(maySkip(asTool(merkle)))('transparency-dev/merkle', () => {
  const bytes = (base64: string): Buffer => Buffer.from(base64, 'base64')

  test('says the same as our verifier of every proof, as it is and changed in any one place', () => {
    if (!merkle.ready) throw new Error(merkle.reason)
    const counts = { good: 0, bad: 0 }
    const wrong: string[] = []
    for (const line of merkle.lines) {
      const vector = JSON.parse(line) as MerkleVector
      const accepted = verdictOn(vector)
      if (vector.kind === 'root') continue
      if (isBeyondOurs(vector)) {
        expect(accepted, line).toBe(false)
        continue
      }
      counts[vector.good ? 'good' : 'bad']++
      if (accepted !== vector.good) wrong.push(line)
    }
    const isAsked = (good: boolean): boolean => !wrong.some((line) => line.includes(`"good":${good}`))
    const said = { accepts: isAsked(true), rejectsChanged: isAsked(false) }
    judged({ judge: 'transparency-dev merkle', artefact: 'inclusion and consistency', ...said })
    expect(wrong).toEqual([])
    expect(counts.good).toBeGreaterThan(3_000)
    expect(counts.bad).toBeGreaterThan(10_000)
  })

  function verdictOn({ kind, index, size1, size, leaf, root1, root, proof }: MerkleVector): boolean {
    const path = proof.map(bytes)
    if (kind === 'inclusion') return verifyInclusion(bytes(leaf), { index, size }, path, bytes(root))
    return verifyConsistency({ size: size1, root: bytes(root1 ?? '') }, { size, root: bytes(root) }, path)
  }

  /** A size that no number here can tell; a root of nothing, which theirs does not look at and ours knows. */
  function isBeyondOurs({ kind, size1, size, root1 }: MerkleVector): boolean {
    return !Number.isSafeInteger(size) || (kind === 'consistency' && size1 === 0 && !bytes(root1).equals(emptyRoot()))
  }

  test('has the roots that we compute from the leaves alone', () => {
    if (!merkle.ready) throw new Error(merkle.reason)
    const vectors = merkle.lines.map((line) => JSON.parse(line) as MerkleVector)
    const roots = vectors.filter(({ kind }) => kind === 'root')
    const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
    const leaves = Array.from({ length: roots.length - 1 }, (_, at) =>
      Buffer.from(inputs[at] ?? `${at.toString(16).padStart(2, '0')}5a`, 'hex'),
    )
    const nodeAt = (level: number, at: number): Buffer =>
      level === 0
        ? leafHash(leaves[at] ?? Buffer.alloc(0))
        : nodeHash(nodeAt(level - 1, 2 * at), nodeAt(level - 1, 2 * at + 1))
    expect(roots).toHaveLength(25)
    for (const { size, root } of roots)
      expect(Buffer.from(rootAt(size, nodeAt as never)).toString('base64'), `size ${size}`).toBe(root)
  })
})

const canonical = fetchVectors('jcs')

describe.skipIf(maySkip(asTool(canonical)))('the vectors of RFC 8785', () => {
  test('are written to the letter, or refused for a number or literal that envelopes do not have', () => {
    if (!canonical.ready) throw new Error(canonical.reason)
    const folder = join(canonical.directory, 'testdata')
    const written: string[] = []
    let rejectsChanged = true
    for (const name of readdirSync(join(folder, 'input'))) {
      const value = JSON.parse(readFileSync(join(folder, 'input', name), 'utf8')) as unknown
      if (!isOurs(value)) {
        expect(() => jcs(value), name).toThrow()
        continue
      }
      const expected = readFileSync(join(folder, 'output', name), 'utf8')
      expect(jcs(value), name).toBe(expected)
      const hex = readFileSync(join(folder, 'outhex', name.replace('.json', '.txt')), 'utf8').replaceAll(/\s/g, '')
      expect(Buffer.from(jcs(value)).toString('hex'), name).toBe(hex)
      rejectsChanged &&= jcs({ changed: value }) !== expected
      written.push(name)
    }
    judged({ judge: 'RFC 8785 vectors', artefact: 'envelopes', accepts: written.length > 0, rejectsChanged })
    expect(written).toEqual(['french.json', 'structures.json', 'unicode.json', 'weird.json'])
  })

  function isOurs(value: unknown): boolean {
    if (typeof value === 'number') return Number.isSafeInteger(value)
    if (typeof value === 'object' && value !== null) return Object.values(value).every((inner) => isOurs(inner))
    return typeof value === 'string'
  }
})
