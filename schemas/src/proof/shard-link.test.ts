import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Envelope } from '../generated/types.ts'
import { jcsBytes } from './jcs.ts'
import { commitmentOf, leafText } from './leaf.ts'
import { makeVkey, parseVkey } from './note.ts'
import { checkShardLink, type Neighbours, type ShardEntry } from './shard-link.ts'

const salt = Buffer.alloc(16, 7)

function entryOf(type: 'start' | 'end', shard: NonNullable<Envelope['shard']>): ShardEntry {
  const at = '2027-01-01T00:00:00.000Z'
  const id = '01990000-0000-7000-8000-000000000001'
  const envelope: Envelope = { v: 1, id, kind: 'shard', type, environment: 'sandbox', at, shard }
  const leaf = Buffer.from(leafText(envelope, commitmentOf(salt, jcsBytes(envelope)), undefined))
  return { leaf, envelope, salt: salt.toString('base64') }
}

const keyOf = (name: string): string => makeVkey(name, createPublicKey(generateKeyPairSync('ed25519').privateKey))
const [older, newer] = ['socle.example/2026h2', 'socle.example/2027h1']
const vkey = keyOf(newer)
const root = Buffer.alloc(32, 3)
const end = { origin: newer, vkey }
const start = { origin: older, size: 9, root: root.toString('base64') }

function neighbours(said: { readonly end?: object; readonly start?: object } = {}): Neighbours {
  return {
    ended: { head: { origin: older, size: 9, root }, last: entryOf('end', { ...end, ...said.end }) },
    begun: { key: parseVkey(vkey), first: entryOf('start', { ...start, ...said.start }) },
  }
}

test('a log goes on where the one before ended', () => {
  expect(() => checkShardLink(neighbours())).not.toThrow()
})

test.each<[string, Neighbours]>([
  ['another log is named', neighbours({ end: { origin: 'socle.example/x' } })],
  ['another key is named', neighbours({ end: { vkey: keyOf(newer) } })],
  ['it follows another log', neighbours({ start: { origin: 'socle.example/x' } })],
  ['it follows a shorter one', neighbours({ start: { size: 8 } })],
  ['it follows another one of that size', neighbours({ start: { root: Buffer.alloc(32, 4).toString('base64') } })],
  ['its first entry ends a log', { ...neighbours(), begun: { key: parseVkey(vkey), first: entryOf('end', start) } }],
  [
    'an envelope is another entry’s',
    {
      ...neighbours(),
      begun: {
        key: parseVkey(vkey),
        first: { ...entryOf('start', start), leaf: entryOf('start', { ...start, size: 8 }).leaf },
      },
    },
  ],
])('not when %s', (_, link) => {
  expect(() => checkShardLink(link)).toThrow()
})
