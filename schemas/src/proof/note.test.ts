import { createPrivateKey, createPublicKey } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { formatCheckpoint, openCheckpoint, parseCheckpointText, signCheckpoint } from './checkpoint.ts'
import { makeVkey, openNote, parseNote, parseVkey, signNote } from './note.ts'

/** A key from a fixed seed: Ed25519 signatures are then the same at each run. */
function keyOf(seed: number): ReturnType<typeof createPrivateKey> {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, seed)])
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
}

const origin = 'socle.example/sandbox/2026b'
const signer = { name: origin, privateKey: keyOf(7) }
const other = { name: origin, privateKey: keyOf(8) }
const vkey = makeVkey(origin, createPublicKey(signer.privateKey))
const head = { size: 42, root: Buffer.alloc(32, 5) }

describe('signed notes', () => {
  test('a note is opened by the key that signed it and by no other', () => {
    const note = signNote('un texte\n', signer)
    expect(openNote(note, [parseVkey(vkey)])).toBe('un texte\n')
    const stranger = parseVkey(makeVkey(origin, createPublicKey(other.privateKey)))
    expect(() => openNote(note, [stranger])).toThrow('trusted')
    expect(() => openNote(note, [])).toThrow('trusted')
  })

  test('signatures of unknown keys are ignored, a bad one of a known key refuses the note', () => {
    const note = signNote('un texte\n', signer)
    const unknownLine = signNote('un texte\n', other).split('\n\n')[1] ?? ''
    expect(openNote(note + unknownLine, [parseVkey(vkey)])).toBe('un texte\n')
    const badLine = signNote('autre\n', signer).split('\n\n')[1] ?? ''
    expect(() => openNote(note + badLine, [parseVkey(vkey)])).toThrow('does not verify')
  })

  test('the verifier key published for the Go checksum database is read', () => {
    const known = 'sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8'
    expect(parseVkey(known).keyId).toBe(0x033de0ae)
    expect(() => parseVkey(known.replace('033de0ae', '033de0af'))).toThrow('hash')
    expect(() => parseVkey(known.replace('+Ac4', '+Bc4'))).toThrow()
  })

  test.each([
    ['no blank line', 'texte\n— a b\n'],
    ['no final newline', signNote('t\n', signer).slice(0, -1)],
    ['a carriage return', signNote('t\n', signer).replace('t\n', 't\r\n')],
    ['a hyphen for the dash', signNote('t\n', signer).replace('—', '-')],
    ['base64 without padding', signNote('t\n', signer).replace(/=*\n$/, '\n')],
    ['a space after the signature', signNote('t\n', signer).replace(/\n$/, ' \n')],
  ])('a note with %s is refused', (_, note) => {
    expect(() => parseNote(note)).toThrow()
  })
})

describe('checkpoints', () => {
  test('a checkpoint comes back as it was signed', () => {
    const note = signCheckpoint(signer, head)
    expect(openCheckpoint(note, [parseVkey(vkey)])).toEqual({ origin, ...head })
    expect(note.startsWith(formatCheckpoint({ origin, ...head }))).toBe(true)
  })

  test('a key trusted for another log does not speak for this one', () => {
    const note = signNote(formatCheckpoint({ origin: 'autre.example/journal', ...head }), signer)
    expect(() => openCheckpoint(note, [parseVkey(vkey)])).toThrow('no trusted key')
  })

  test.each([
    ['a leading zero', `${origin}\n042\n${head.root.toString('base64')}\n`],
    ['a sign', `${origin}\n+42\n${head.root.toString('base64')}\n`],
    ['a size beyond 2^53', `${origin}\n9999999999999999\n${head.root.toString('base64')}\n`],
    ['an extension line', `${formatCheckpoint({ origin, ...head })}ext\n`],
    ['a short root', `${origin}\n42\nAAAA\n`],
    ['no origin', `\n42\n${head.root.toString('base64')}\n`],
  ])('a checkpoint with %s is refused', (_, text) => {
    expect(() => parseCheckpointText(text)).toThrow()
  })
})
