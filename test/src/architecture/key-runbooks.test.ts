import { execFileSync } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verifyPath } from '@socle/gateway'
import { certificateId, openKeyList, parseCertificate, parseVkey, type Receipt } from '@socle/schemas'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Ran, runLines } from '../deploy/runbook.ts'
import { join as enrol } from '../flow/party.ts'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub } from '../support/hub.ts'

/** The life of a seal by the lines of the runbooks: made, announced, in force, copied, lost, revoked. OpenSSL is its authority. */
describe('the runbooks of keys', () => {
  let work: string
  let firstId: string
  let receipt: Receipt
  const place = (name: string): string => join(work, name)
  const openssl = (...words: readonly string[]): void =>
    void execFileSync('openssl', words, { cwd: work, stdio: 'pipe' })
  const run = async (name: string, mark: string, more: Readonly<Record<string, string>> = {}): Promise<Ran> =>
    await runLines(name, mark, {
      HUB_DATA: place('data'),
      HUB_KEYS_DIR: place('data/keys'),
      KEYS: place('data/keys'),
      REQUEST: place('request'),
      SEAL_NAME: '/C=FR/O=Essai/CN=Cachet',
      COPY: place('copy.enc'),
      COPY_PASSPHRASE: place('copy-passphrase'),
      PROOF: place('proof'),
      NEXT: place('request/seal.pem'),
      ...more,
    })
  async function ran(...lines: Parameters<typeof run>): Promise<string> {
    const { status, output } = await run(...lines)
    if (status !== 0) throw new Error(`${lines[0]}, ${lines[1]}: exit ${status}\n${output}`)
    return output
  }
  /** The trust service provider's answer to the request. */
  function answer(): void {
    const usage =
      'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature,nonRepudiation\nauthorityKeyIdentifier=keyid\nsubjectKeyIdentifier=hash\n'
    writeFileSync(place('usage.cnf'), usage)
    openssl('x509', '-req', '-in', 'request/seal.csr', '-CA', 'request/issuers-root-last.crt', '-CAkey', 'root.key',
      '-extfile', 'usage.cnf', '-days', '400', '-out', 'request/seal.crt') // prettier-ignore
  }
  const idOf = (file: string): string => certificateId(parseCertificate(readFileSync(place(file), 'utf8')))

  beforeAll(async () => {
    work = mkdtempSync(join(tmpdir(), 'socle-key-runbooks-'))
    mkdirSync(place('request'))
    writeFileSync(place('copy-passphrase'), 'deux enveloppes\n')
    openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'root.key',
      '-subj', '/CN=Racine', '-days', '3650', '-out', 'request/issuers-root-last.crt',
      '-addext', 'keyUsage=critical,keyCertSign,cRLSign') // prettier-ignore
    await using hub = await startHub({}, { directory: place('data') })
    const party = await enrol(hub, 'profil-a', { buyers: [buyerSiret] })
    receipt = await party.sent('award', anAward())
    firstId = hub.hub.sealer.state(new Date()).certificate
  }, 60_000)
  afterAll(() => rmSync(work, { recursive: true, force: true }))

  test('ceremony: a request, its answer, a box, two copies, and the hub takes them', async () => {
    const asked = await ran('key-ceremony.md', 'seal-request')
    expect(asked).toContain('verify OK')
    expect(asked).toMatch(/= [0-9a-f]{64}$/m)
    expect(statSync(place('request/seal.key')).mode & 0o077).toBe(0)
    answer()
    expect(await ran('key-ceremony.md', 'seal-received')).toContain('Digital Signature, Non Repudiation')
    expect(await ran('key-ceremony.md', 'seal-box')).toContain('PBES2')
    expect(existsSync(place('request/seal.p12'))).toBe(true)
    expect(await ran('key-ceremony.md', 'keep')).toContain('./storage.key')
    const accepted = await ran('key-ceremony.md', 'accept')
    expect(accepted).toContain(firstId)
    expect(accepted).toContain('scelle / seals')
    // A certificate for another key does not get as far as the hub.
    openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', 'request/seal.key')
    expect((await run('key-ceremony.md', 'seal-received')).status).toBe(1)
  }, 60_000)

  test('rotation: announced, in force, renamed; tokens in three rounds', async () => {
    await ran('key-ceremony.md', 'seal-request')
    answer()
    await ran('key-ceremony.md', 'seal-received')
    expect(await ran('key-rotation.md', 'look')).toContain('scelle / seals')
    const announced = await ran('key-rotation.md', 'announce')
    expect(announced).toContain(`remplacée par / replaced by ${idOf('request/seal.crt')}`)
    // Pasted before its moment: the old key is still asked for, its file is gone, and the check says so.
    const early = await run('key-rotation.md', 'after')
    expect([early.status, early.output]).toEqual([1, expect.stringContaining('SEAL_MISSING')])
    for (const mark of ['token-next', 'token-swap', 'token-end']) await ran('key-rotation.md', mark)
    await using hub = await startHub({ clock: () => new Date(Date.now() + 120_000) }, { directory: place('data') })
    expect(hub.hub.sealer.state(hub.hub.clock()).certificate).toBe(idOf('request/seal.crt'))
    const party = await enrol(hub, 'profil-b', { buyers: [buyerSiret] })
    await party.sent('award', anAward({ id: '2026-0002' }))
  }, 90_000)

  test('loss: copies are put back; without one the log is told of another key', async () => {
    const lost = place('lost')
    const moved = { HUB_DATA: lost, HUB_KEYS_DIR: join(lost, 'keys') }
    {
      await using hub = await startHub({}, { directory: lost })
      const party = await enrol(hub, 'profil-a', { buyers: [buyerSiret] })
      await party.sent('award', anAward())
    }
    await ran('key-ceremony.md', 'keep', { KEYS: join(lost, 'keys') })
    for (const name of ['seal.pem', 'log.key', 'storage.key']) rmSync(join(lost, 'keys', name))
    expect((await run('key-rotation.md', 'look', moved)).status).not.toBe(0)
    expect(await ran('key-loss.md', 'put-back', moved)).toContain('scelle / seals')
    rmSync(join(lost, 'keys/seal.pem'))
    // Another authority: verifiers need both from now on.
    writeFileSync(
      join(lost, 'keys/trust/seal-ca.pem'),
      readFileSync(join(lost, 'keys/trust/seal-ca.pem'), 'utf8') +
        readFileSync(place('request/issuers-root-last.crt'), 'utf8'),
    )
    expect(await ran('key-loss.md', 'seal-lost', moved)).toContain(idOf('request/seal.crt'))
  }, 90_000)

  test('compromise: a list is fetched, the log is stamped, the key is revoked and said so under the log', async () => {
    writeFileSync(place('index.txt'), '')
    writeFileSync(
      place('ca.cnf'),
      '[ca]\ndefault_ca=x\n[x]\ndatabase=index.txt\ndefault_md=sha256\ncrl_extensions=y\n[y]\nauthorityKeyIdentifier=keyid\n',
    )
    openssl(
      'ca',
      '-config',
      'ca.cnf',
      '-gencrl',
      '-keyfile',
      'root.key',
      '-cert',
      'request/issuers-root-last.crt',
      '-crldays',
      '7',
      '-out',
      'list.crl',
    )
    const server = createServer((_, response) => response.end(readFileSync(place('list.crl'))))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    try {
      const fetched = await ran('key-compromise.md', 'fetch-list', { CRL_URL: `http://127.0.0.1:${port}/list.crl` })
      expect(fetched).toMatch(/issuer=.*Racine[\s\S]*nextUpdate=/)
    } finally {
      server.close()
    }
    expect(existsSync(place('data/keys/trust/seal.crl'))).toBe(true)
    expect(await ran('key-compromise.md', 'stamp')).toContain('stamped')
    expect(await ran('key-compromise.md', 'revoke', { SEAL_ID: firstId })).toContain('révoquée au / revoked as of')
    const vkeys = readFileSync(place('proof/log.vkey'), 'utf8').trim().split('\n').map(parseVkey)
    const { keys } = openKeyList(readFileSync(place('proof/keys.note'), 'utf8'), vkeys)
    expect(keys.find(({ id }) => id === firstId)).toMatchObject({ purpose: 'seal', reason: 'keyCompromise' })
    const look = await run('key-compromise.md', 'look')
    expect(look.output).toContain('SEAL_MISSING')
    writeFileSync(place('old.json'), JSON.stringify(receipt))
    const report = await verifyPath(place('old.json'), { trust: place('proof') })
    expect([report.verdict, report.text('en')]).toEqual(['not-proved', expect.stringContaining('was revoked as of')])
  }, 90_000)
})
