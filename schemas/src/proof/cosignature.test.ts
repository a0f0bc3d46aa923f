import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { signCheckpoint } from './checkpoint.ts'
import {
  addSignatureLines,
  makeWitnessKey,
  parseWitnessKey,
  readCosignatures,
  withoutCosignatures,
} from './cosignature.ts'
import { emptyRoot } from './merkle.ts'
import { makeVkey, parseNote, parseVkey } from './note.ts'
import { parseWitnessPolicy, requireQuorum } from './witness-policy.ts'

const log = generateKeyPairSync('ed25519')
const note = signCheckpoint({ name: 'log.example/a', privateKey: log.privateKey }, { size: 7, root: emptyRoot() })
const { text } = parseNote(note)

interface Witness {
  readonly name: string
  readonly vkey: string
  readonly privateKey: KeyObject
}

function aWitness(name: string): Witness {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  return { name, vkey: makeWitnessKey(name, publicKey), privateKey }
}

/** Written here once more, from the specification: the code under test must not judge itself. */
function cosign({ name, vkey, privateKey }: Witness, body = text, time = 1_790_000_000n): string {
  const stamp = Buffer.alloc(8)
  stamp.writeBigUInt64BE(time)
  const signature = sign(undefined, Buffer.from(`cosignature/v1\ntime ${time}\n${body}`), privateKey)
  const id = Buffer.from(vkey.split('+')[1] ?? '', 'hex')
  return `— ${name} ${Buffer.concat([id, stamp, signature]).toString('base64')}`
}

const [one, two, three] = ['w.example/1', 'w.example/2', 'w.example/3'].map(aWitness) as [Witness, Witness, Witness]
const keys = [one, two, three].map(({ vkey }) => parseWitnessKey(vkey))

describe('cosignatures', () => {
  test('are read with their time, each witness once, and lines of strangers are passed over', () => {
    const stranger = aWitness('w.example/1')
    const lines = [cosign(one), cosign(one, text, 1_790_000_009n), cosign(stranger), cosign(two)]
    const found = readCosignatures(addSignatureLines(note, lines), keys)
    expect(found.map(({ witness, time }) => [witness.name, time])).toEqual([
      ['w.example/1', 1_790_000_000],
      ['w.example/2', 1_790_000_000],
    ])
  })

  test('are added once, and taken off again to the byte', () => {
    const line = cosign(one)
    const longer = addSignatureLines(note, [line, line])
    expect(longer).toBe(`${note}${line}\n`)
    expect(addSignatureLines(longer, [line])).toBe(longer)
    expect(withoutCosignatures(longer)).toBe(note)
    expect(() => addSignatureLines(note, ['— no signature'])).toThrow(/malformed|base64/)
    expect(() =>
      addSignatureLines(
        note,
        Array.from({ length: 70 }, (_, at) => cosign(one, text, BigInt(at + 1))),
      ),
    ).toThrow('too many')
  })

  test.each([
    ['over another checkpoint', cosign(one, text.replace('\n7\n', '\n8\n'))],
    ['without a time', cosign(one, text, 0n)],
    ['at a time beyond all counting', cosign(one, text, 2n ** 63n)],
    ['of the wrong length', cosign(one).slice(0, -4)],
    ['signed as a log signs', note.split('\n')[4]?.replace('log.example/a', one.name).replace(/ \S+$/, plain()) ?? ''],
  ])('%s refuse the whole note', (_, line) => {
    expect(() => readCosignatures(addSignatureLines(note, [line]), keys)).toThrow(/cosignature of w.example\/1/)
  })

  function plain(): string {
    const id = Buffer.from(one.vkey.split('+')[1] ?? '', 'hex')
    return ` ${Buffer.concat([id, sign(undefined, Buffer.from(text), one.privateKey)]).toString('base64')}`
  }

  test('a log key is no witness key, nor the other way round', () => {
    expect(() => parseWitnessKey(makeVkey('w.example/1', log.publicKey))).toThrow('signature type 4')
    expect(() => parseVkey(one.vkey)).toThrow('signature type 1')
  })
})

describe('a policy', () => {
  const lines = [
    '# who watches',
    `log ${makeVkey('log.example/a', log.publicKey)}`,
    `witness a ${one.vkey} https://w.example/1`,
    `\twitness  b ${two.vkey}`,
    `witness c ${three.vkey}`,
  ]
  const policy = (...more: string[]): ReturnType<typeof parseWitnessPolicy> =>
    parseWitnessPolicy([...lines, ...more].join('\n'))
  const cosigned = (...by: Witness[]): string =>
    addSignatureLines(
      note,
      by.map((witness) => cosign(witness)),
    )

  test('asks for its quorum, whatever the groups', () => {
    const two3 = policy('group g 2 a b c', 'quorum g')
    expect(requireQuorum(cosigned(one, three), two3)).toHaveLength(2)
    expect(() => requireQuorum(cosigned(three), two3)).toThrow('1 of 3 known witnesses: no quorum')
    const nested = policy('group x any a b', 'group y all x c', 'quorum y')
    expect(requireQuorum(cosigned(two, three), nested)).toHaveLength(2)
    expect(() => requireQuorum(cosigned(one, two), nested)).toThrow('no quorum')
    expect(requireQuorum(note, policy('quorum none'))).toEqual([])
  })

  test('twice the same witness is one witness', () => {
    const twice = addSignatureLines(note, [cosign(one), cosign(one, text, 1_790_000_001n)])
    expect(() => requireQuorum(twice, policy('group g 2 a b c', 'quorum g'))).toThrow('1 of 3')
  })

  test.each([
    [[], 'no quorum line'],
    [['quorum z'], 'z is not defined above'],
    [['quorum a', 'quorum b'], 'a second quorum line'],
    [['group g 4 a b c', 'quorum g'], '4 of 3 members'],
    [['group g 0 a', 'quorum g'], '0 of 1 members'],
    [['group g 1 a', 'group h 1 a', 'quorum h'], 'a is a member already'],
    [['group a 1 b', 'quorum a'], 'the name a is taken'],
    [[`witness d ${one.vkey}`, 'quorum a'], 'the same key as another witness'],
    [[`witness d ${makeVkey('x', log.publicKey)}`, 'quorum a'], 'signature type 4'],
    [['witnesses a', 'quorum a'], 'begins with none of'],
    [['quorum a\u0007'], 'control characters'],
  ])('that says %j is refused', (more, reason) => {
    expect(() => policy(...more)).toThrow(reason)
  })
})
