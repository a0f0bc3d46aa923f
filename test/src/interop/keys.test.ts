import { createPublicKey } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  openKeyList,
  parseCertificates,
  parseNote,
  parseRevocationLists,
  parseVkey,
  revocationIn,
} from '@socle/schemas'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask as askHub } from '../flow/party.ts'
import { startHub } from '../support/hub.ts'
import { sealAuthority } from '../support/seal-authority.ts'
import { judged } from './judges-table.ts'
import { ask, findOpenssl, maySkip } from './tools.ts'

const openssl = findOpenssl()

/** What OpenSSL says of the list of keys and of revoked seals, beside what our verifier says. */
describe.skipIf(maySkip(openssl))('keys, judged by OpenSSL', () => {
  let work: string
  beforeAll(() => {
    work = mkdtempSync(join(tmpdir(), 'socle-judged-keys-'))
  })
  afterAll(() => rmSync(work, { recursive: true, force: true }))
  const put = (name: string, content: string | Uint8Array): string => {
    writeFileSync(join(work, name), content)
    return name
  }

  test('the list of keys is signed by the key of the log, and by it alone', async () => {
    await using hub = await startHub()
    const [note, vkey] = [(await askHub(hub, '/log/keys.note')).text, (await askHub(hub, '/log/log.vkey')).text.trim()]
    const { publicKey } = parseVkey(vkey)
    put('log.pem', publicKey.export({ type: 'spki', format: 'pem' }))
    put('stranger.pem', createPublicKey(hub.hub.keys.token.privateKey).export({ type: 'spki', format: 'pem' }))
    const { text, signatures } = parseNote(note)
    put('signature', signatures[0]?.signature ?? '')
    const verifies = (key: string, content: string): boolean => {
      const words = [
        'pkeyutl',
        '-verify',
        '-rawin',
        '-pubin',
        '-inkey',
        key,
        '-sigfile',
        'signature',
        '-in',
        put('text', content),
      ]
      return ask(openssl, words, work).accepted
    }
    const accepts = verifies('log.pem', text)
    expect(accepts).toBe(true)
    expect(openKeyList(note, [parseVkey(vkey)]).keys.map(({ purpose }) => purpose)).toContain('seal')
    const changed = Array.from({ length: 20 }, (_, at) => {
      const place = Math.floor((at * text.length) / 20)
      return verifies('log.pem', `${text.slice(0, place)}${text[place] === 'a' ? 'b' : 'a'}${text.slice(place + 1)}`)
    })
    expect(changed).not.toContain(true)
    expect(verifies('stranger.pem', text)).toBe(false)
    judged({ judge: 'OpenSSL', artefact: 'list of keys', accepts, rejectsChanged: !changed.includes(true) })
  })

  test('a certificate is revoked where our reader says so, and a list with a changed byte says nothing', () => {
    const authority = sealAuthority()
    const [good, bad] = [authority.issue('Bon'), authority.issue('Mauvais')].map(({ certificate }) => certificate)
    if (!good || !bad) throw new Error('two certificates')
    const [issuer] = parseCertificates(authority.certificate)
    if (!issuer) throw new Error('an authority')
    put('ca.pem', authority.certificate)
    put('list.pem', authority.list([bad]))
    const says = (name: string): { readonly accepted: boolean; readonly output: string } =>
      ask(openssl, ['verify', '-crl_check', '-CAfile', 'ca.pem', '-CRLfile', 'list.pem', name], work)
    put('good.pem', good.toString())
    put('bad.pem', bad.toString())
    const ours = (certificate: typeof good): string | undefined => {
      const [list] = parseRevocationLists(Buffer.from(authority.list([bad])))
      return list && revocationIn(list, certificate, issuer)?.reason
    }
    expect([says('good.pem').accepted, ours(good)]).toEqual([true, undefined])
    expect(says('bad.pem').output).toContain('certificate revoked')
    expect(ours(bad)).toBe('keyCompromise')
    const der = Buffer.from(authority.list([bad]).replaceAll(/-----[^-]+-----/g, ''), 'base64')
    der[der.length - 5] = (der[der.length - 5] ?? 0) ^ 1
    put('list.pem', `-----BEGIN X509 CRL-----\n${der.toString('base64')}\n-----END X509 CRL-----\n`)
    const rejectsChanged = !says('good.pem').accepted
    expect(rejectsChanged).toBe(true)
    judged({ judge: 'OpenSSL', artefact: 'revocation list of a seal', accepts: true, rejectsChanged })
  })
})
