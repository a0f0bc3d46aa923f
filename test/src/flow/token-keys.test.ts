import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { buyerSiret } from '../support/award.ts'
import { startHub, type TestHub } from '../support/hub.ts'
import { ask, join as joinHub, type Party } from './party.ts'

const work = mkdtempSync(join(tmpdir(), 'socle-token-keys-'))
afterAll(() => rmSync(work, { recursive: true, force: true }))

test('tokens of a key that is replaced stay good to their end', async () => {
  const data = join(work, 'tokens')
  const keys = join(data, 'keys')
  const newKey = (name: string): void =>
    void execFileSync('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', name], { cwd: keys, stdio: 'pipe' })
  const port = { HUB_PUBLIC_URL: 'http://127.0.0.1:8080' }
  let old: Party
  {
    await using hub = await startHub({}, { directory: data, env: port })
    old = await joinHub(hub, 'profil-a', { buyers: [buyerSiret] })
    newKey('token-next.key')
  }
  const asks = async (hub: TestHub, token: string): Promise<number> =>
    (await ask(hub, '/v1/feed', { headers: { authorization: `Bearer ${token}` } })).status
  execFileSync('sh', ['-c', 'mv token.key token-old.key && mv token-next.key token.key'], { cwd: keys })
  let fresh: string
  {
    await using hub = await startHub({}, { directory: data, env: port })
    fresh = (await joinHub(hub, 'profil-b', { buyers: [buyerSiret] })).token
    expect([await asks(hub, fresh), await asks(hub, old.token)]).toEqual([200, 200])
  }
  execFileSync('sh', ['-c', 'mv token.key token-next.key && mv token-old.key token.key'], { cwd: keys })
  {
    // The replica that has not changed yet believes the one that has.
    await using hub = await startHub({}, { directory: data, env: port })
    expect(await asks(hub, fresh)).toBe(200)
    rmSync(join(keys, 'token-next.key'))
  }
  // Without the other key its tokens end at once.
  await using hub = await startHub({}, { directory: data, env: port })
  expect([await asks(hub, fresh), await asks(hub, old.token)]).toEqual([401, 200])
}, 60_000)
