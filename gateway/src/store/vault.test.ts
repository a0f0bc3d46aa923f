import { createSecretKey, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { createVault, VaultError } from './vault.ts'

const storageKey = createSecretKey(randomBytes(32))
const vault = createVault(storageKey)
const { key, wrapped } = vault.newConsultationKey('C-1')
const bytes = Buffer.from('a document')

test('what was sealed opens, by another process too', () => {
  const sealed = vault.seal('id', bytes, key)
  expect(Buffer.from(sealed.content).includes('document')).toBe(false)
  const other = createVault(storageKey)
  expect(other.open('id', sealed, other.openConsultationKey('C-1', wrapped))).toEqual({ bytes, whole: true })
})

test('the same bytes are never stored twice alike', () => {
  const [one, two] = [vault.seal('id', bytes, key), vault.seal('id', bytes, key)]
  expect(Buffer.from(one.content).equals(two.content)).toBe(false)
  expect(Buffer.from(one.data_key ?? []).equals(two.data_key ?? Buffer.alloc(0))).toBe(false)
})

test('a ciphertext opens beside its own document only, and a key beside its own consultation', () => {
  const sealed = vault.seal('id', bytes, key)
  expect(vault.open('other', sealed, key).whole).toBe(false)
  const second = vault.seal('other', bytes, key)
  expect(vault.open('id', { content: second.content, data_key: sealed.data_key }, key).whole).toBe(false)
  expect(() => vault.openConsultationKey('C-2', wrapped)).toThrow(VaultError)
})

test('each flipped bit of ciphertext and keys is seen', () => {
  const sealed = vault.seal('id', bytes, key)
  const flipped = (at: Uint8Array, place: number): Uint8Array => at.map((byte, i) => (i === place ? byte ^ 1 : byte))
  for (let place = 0; place < sealed.content.length; place++)
    expect(vault.open('id', { ...sealed, content: flipped(sealed.content, place) }, key).whole).toBe(false)
  const { data_key: dataKey } = sealed
  if (!dataKey) throw new Error('a sealed document has its key')
  for (let place = 0; place < dataKey.length; place++)
    expect(vault.open('id', { ...sealed, data_key: flipped(dataKey, place) }, key).whole).toBe(false)
  for (let place = 0; place < wrapped.length; place++)
    expect(() => vault.openConsultationKey('C-1', flipped(wrapped, place))).toThrow(VaultError)
})

test('without one of the keys, or cut short, nothing opens', () => {
  const sealed = vault.seal('id', bytes, key)
  const stranger = createVault(createSecretKey(randomBytes(32)))
  expect(() => stranger.openConsultationKey('C-1', wrapped)).toThrow(VaultError)
  expect(vault.open('id', sealed, randomBytes(32)).whole).toBe(false)
  expect(vault.open('id', { ...sealed, data_key: null }, key)).toEqual({ bytes: new Uint8Array(0), whole: false })
  expect(vault.open('id', { ...sealed, content: sealed.content.subarray(0, 20) }, key).whole).toBe(false)
})
