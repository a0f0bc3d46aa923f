import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join as pathOf } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub, type TestHub } from '../support/hub.ts'
import { ask, formHeaders, join } from './party.ts'
import { makeKey, signJwt } from './signed-jwt.ts'

const program = pathOf(import.meta.dirname, '../../../gateway/bin/socle.mjs')
let hub: TestHub
beforeAll(async () => {
  hub = await startHub()
})
afterAll(async () => await hub[Symbol.asyncDispose]())

/** Beside the running hub, on its data: what it changes holds there within a second. */
async function account(...line: readonly string[]): Promise<{ readonly status: number | null; readonly out: string }> {
  const { PATH = '' } = process.env
  const env = { PATH, HUB_DATA: hub.directory }
  const child = spawn(process.execPath, [program, 'account', ...line], { env, timeout: 30_000 })
  let out = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (out += part.toString('utf8')))
  const [status] = (await once(child, 'close')) as [number | null]
  return { status, out }
}

async function tokenStatus(fields: Readonly<Record<string, string>>): Promise<number> {
  const body = new URLSearchParams({ grant_type: 'client_credentials', ...fields }).toString()
  return (await ask(hub, '/oauth/token', { method: 'POST', headers: formHeaders, body })).status
}

test('an account is stopped, let in again, and given a new secret', async () => {
  const own = await join(hub, 'profil-change')
  const feedStatus = async (): Promise<number> => {
    await sleep(1_050)
    return (await own.ask('/v1/feed')).status
  }
  const withSecret = async (secret: string): Promise<number> =>
    await tokenStatus({ client_id: own.id, client_secret: secret })
  expect(await account('disable', own.id)).toEqual({ status: 0, out: '' })
  expect([await feedStatus(), await withSecret(own.secret)]).toEqual([401, 401])
  expect(await account('enable', own.id)).toEqual({ status: 0, out: '' })
  expect([await feedStatus(), await withSecret(own.secret)]).toEqual([200, 200])
  const { client_secret: fresh } = JSON.parse((await account('rotate-secret', own.id)).out) as { client_secret: string }
  expect([await withSecret(own.secret), await withSecret(fresh)]).toEqual([401, 200])
  const unknown = await account('disable', 'profil-inconnu')
  expect(unknown.status).toBe(1)
  expect(unknown.out).toMatch(/Compte inconnu \/ Unknown account/)
})

test('keys are registered beside one another, listed without anything secret, and removed', async () => {
  const own = await join(hub, 'profil-cles')
  const [old, fresh] = [makeKey('ES256'), makeKey('EdDSA')]
  const [oldFile, freshFile] = [pathOf(hub.directory, 'old.jwk'), pathOf(hub.directory, 'fresh.jwk')]
  await writeFile(oldFile, JSON.stringify({ ...old.jwk, kid: 'ancienne' }))
  await writeFile(freshFile, JSON.stringify({ ...fresh.jwk, kid: 'nouvelle' }))
  expect((await account('key', own.id, '--jwk', oldFile)).status).toBe(0)
  const { status, out } = await account('key', own.id, '--jwk', freshFile)
  expect(status).toBe(0)
  expect(out.trim().split('\n')).toHaveLength(2)
  const signedBy = async (key: typeof old): Promise<number> => {
    const claims = { iss: own.id, sub: own.id, aud: hub.hub.config.publicUrl, jti: `${Math.random()}` }
    const assertion = signJwt(key, {}, { ...claims, exp: Math.floor(Date.now() / 1_000) + 60 })
    const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
    return await tokenStatus({ client_assertion_type: type, client_assertion: assertion })
  }
  expect([await signedBy(old), await signedBy(fresh)]).toEqual([200, 200])
  const left = await account('key', own.id, '--remove', 'ancienne')
  expect(left).toEqual({ status: 0, out: expect.stringContaining('nouvelle') as string })
  expect(left.out).not.toContain('ancienne')
  expect([await signedBy(old), await signedBy(fresh)]).toEqual([401, 200])
  expect((await account('key', own.id, '--remove', 'ancienne')).status).toBe(1)
  await writeFile(oldFile, JSON.stringify(old.privateKey.export({ format: 'jwk' })))
  const refused = await account('key', own.id, '--jwk', oldFile)
  expect(refused.status).toBe(2)
  expect(refused.out).not.toContain(String(old.privateKey.export({ format: 'jwk' }).d))
  expect((await account('key', own.id, '--jwk', pathOf(hub.directory, 'nowhere'))).status).toBe(2)
})

test('a mandate is taken back, and certificates are asked for', async () => {
  const own = await join(hub, 'profil-revoque', { buyers: [buyerSiret] })
  await own.sent('award', anAward({ id: 'R-1' }))
  expect(await account('revoke-mandate', own.id, buyerSiret)).toEqual({ status: 0, out: '' })
  await sleep(1_050)
  expect((await own.deposit('award', anAward({ id: 'R-2' }))).status).toBe(403)
  expect((await account('revoke-mandate', own.id, buyerSiret)).status).toBe(1)
  expect((await account('certificate', own.id, 'perhaps')).status).toBe(2)
  expect(await account('certificate', own.id, 'required')).toEqual({ status: 0, out: '' })
  await sleep(1_050)
  expect((await own.ask('/v1/feed')).status).toBe(401)
})
