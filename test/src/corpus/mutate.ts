import { gzipSync } from 'node:zlib'

export type Random = (below: number) => number

/** Numbers from a seed: the same seed makes the same mutants. Xorshift of 32 bits (Marsaglia, 2003). */
export function randomFrom(seed: number): Random {
  let state = seed | 0 || 1
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

export interface Mutant {
  readonly how: string
  readonly bytes: Uint8Array
}

type Mutator = (bytes: Uint8Array, random: Random) => Uint8Array

/** What can happen to a document on its way, and what somebody who means harm would send. */
const mutators: Readonly<Record<string, Mutator>> = {
  'flip bytes': (bytes, random) => {
    const out = Uint8Array.from(bytes)
    for (let n = 1 + random(8); n > 0; n -= 1) out[random(out.length)] = random(256)
    return out
  },
  cut: (bytes, random) => bytes.subarray(0, random(bytes.length)),
  'drop a slice': (bytes, random) => {
    const [from, to] = slice(bytes, random)
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)])
  },
  'repeat a slice': (bytes, random) => {
    const [from, to] = slice(bytes, random)
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)])
  },
  'swap two slices': (bytes, random) => {
    const [from, to] = slice(bytes, random)
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to), bytes.subarray(from, to)])
  },
  'rename a tag or key': onText((text, random) => replaceAt(text, /<[a-z:A-Z]+|"[a-zA-Z]+"\s*:/g, random, '<x:y')),
  'empty a value': onText((text, random) => replaceAt(text, />[^<>]+<|:\s*"[^"]*"/g, random, '><')),
  'change a value': onText((text, random) => replaceAt(text, /\d+/g, random, values[random(values.length)] ?? '')),
  'drop an element or line': onText((text, random) => replaceAt(text, /^.*$/gm, random, '')),
  'say another encoding': onText((text, random) =>
    text.replace(/encoding="[^"]*"/i, `encoding="${encodings[random(encodings.length)]}"`),
  ),
  'write in UTF-16': (bytes) => Buffer.from(`\ufeff${new TextDecoder().decode(bytes)}`, 'utf16le'),
  'write in Latin-1': (bytes) => Buffer.from(new TextDecoder().decode(bytes), 'latin1'),
  'mark and repeat': (bytes) => Buffer.concat([Buffer.from('\ufeff'), bytes, bytes]),
  compress: (bytes) => gzipSync(bytes),
  'nest deep': onText((text, random) => `${'<a>'.repeat(50 + random(5_000))}${text}`),
  'nest lists': onText((text, random) => `${'['.repeat(50 + random(5_000))}${text}`),
  'define entities': onText((text) => text.replace(/(<\?xml[^>]*\?>)?/, `$1${bomb}`)),
  'many attributes': onText((text, random) => text.replace(/<([\w:]+)/, `<$1${attributes(random(3_000))}`)),
  'many children': onText((text, random) =>
    replaceAt(text, /<[^/?!][^>]*\/>|>[^<>]+</g, random, `>${'<b/>'.repeat(5_000)}<`),
  ),
  'long text': onText((text, random) => replaceAt(text, />[^<>]+<|"[^"]*"/g, random, `>${'é'.repeat(200_000)}<`)),
  'members of the language': onText((text, random) => replaceAt(text, /[A-Za-z]{5,}/g, random, '__proto__')),
}

const values = [
  '',
  '-1',
  '1e400',
  '0.1e-9',
  '99999999999999999999',
  '2024-99-99',
  'NaN',
  'true',
  '\u0000',
  '٣',
  '𝟘',
  '\ud800',
]
const encodings = ['UTF-16', 'UTF-32', 'EBCDIC-FR', 'ISO-8859-1', 'windows-1252', 'UTF-7', '']
const bomb =
  '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d SYSTEM "file:///etc/passwd">]>'

function attributes(count: number): string {
  return Array.from({ length: count }, (_, i) => ` a${i}="${i}"`).join('')
}

function onText(change: (text: string, random: Random) => string): Mutator {
  return (bytes, random) => Buffer.from(change(new TextDecoder().decode(bytes), random))
}

function slice(bytes: Uint8Array, random: Random): [from: number, to: number] {
  const from = random(bytes.length)
  return [from, Math.min(bytes.length, from + 1 + random(2_000))]
}

function replaceAt(text: string, shape: RegExp, random: Random, by: string): string {
  const found = [...text.matchAll(shape)]
  const match = found[random(Math.max(found.length, 1))]
  return match === undefined ? text : text.slice(0, match.index) + by + text.slice(match.index + match[0].length)
}

const names = Object.keys(mutators)

/** One mutant of a document, by one to three changes. */
export function mutate(document: Uint8Array, random: Random): Mutant {
  const how: string[] = []
  let bytes = document
  for (let n = 1 + random(3); n > 0 && bytes.length > 0; n -= 1) {
    const name = names[random(names.length)] ?? 'cut'
    how.push(name)
    bytes = mutators[name]?.(bytes, random) ?? bytes
  }
  return { how: how.join(', '), bytes }
}
