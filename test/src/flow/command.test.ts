import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Receipt } from '@socle/schemas'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type HubProgram, prepareHub } from '../demo/hub-program.ts'
import { anAward, buyerSiret } from '../support/award.ts'
import { notice, response, withThreeFaults } from './documents.ts'

const root = await mkdtemp(join(tmpdir(), 'socle-command-'))
afterAll(async () => await rm(root, { recursive: true, force: true }))
const socle = join(import.meta.dirname, '../../../gateway/bin/socle.mjs')

interface Ran {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

function run(parameters: readonly string[], env: Readonly<Record<string, string>> = {}): Ran {
  const { PATH = '' } = process.env
  return spawnSync(process.execPath, [socle, ...parameters], {
    cwd: root,
    env: { PATH, ...env },
    encoding: 'utf8',
    timeout: 30_000,
    maxBuffer: 2 ** 26,
  })
}

async function fileOf(name: string, text: string): Promise<string> {
  await writeFile(join(root, name), text)
  return join(root, name)
}

describe('socle validate', () => {
  test('ends with 0 when nothing is rejected, 1 when something is, 2 when a file cannot be used', async () => {
    const good = await fileOf('good.json', anAward())
    const bad = await fileOf('bad.json', withThreeFaults(anAward()))
    expect(run(['validate', good]).status).toBe(0)
    expect(run(['validate', bad]).status).toBe(1)
    expect(run(['validate', good, bad]).status).toBe(1)
    for (const unusable of [join(root, 'nowhere.json'), root]) {
      const ran = run(['validate', good, unusable, bad])
      expect(ran.status).toBe(2)
      expect(ran.stderr).toContain(unusable)
      expect(ran.stdout.split('\n').filter((line) => / (accepted|refused) /.test(line))).toHaveLength(2)
    }
    expect(run(['validate']).status).toBe(2)
  })

  test('says with --json one line a file, of one shape whatever the file', async () => {
    const files = [
      await fileOf('a.json', anAward()),
      await fileOf('b.xml', notice),
      await fileOf('c.xml', response),
      await fileOf('d.json', withThreeFaults(anAward())),
      await fileOf('e.json', '{}'),
      await fileOf('f.bin', '%PDF-1.7'),
    ]
    const ran = run(['validate', '--json', ...files])
    expect(ran.status).toBe(1)
    const lines = ran.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines.map((line) => Object.keys(line))).toEqual(
      files.map(() => ['file', 'format', 'version', 'verdict', 'findings']),
    )
    expect(lines.map(({ file }) => file)).toEqual(files)
    expect(
      lines.map(({ format, version, verdict }) => `${String(format)} ${String(version)} ${String(verdict)}`),
    ).toEqual([
      'decp-json 2.0.4 accepted',
      'eforms eforms-sdk-1.13 accepted',
      'espd-response 4.1.0 accepted',
      'decp-json 2.0.4 refused',
      'unknown null refused',
      'unknown null refused',
    ])
  })

  test('tells a person each reason in both languages, with its place and its source', async () => {
    const { stdout } = run(['validate', await fileOf('told.json', withThreeFaults(anAward()))])
    for (const part of ['HUB-DATE', 'HUB-CPV-CHECK-DIGIT', 'DECP-ENUM', '/marches/marche/0/codeCPV', 'reject'])
      expect(stdout).toContain(part)
  })
})

describe('socle', () => {
  test('explains itself, and ends with 2 when it is asked for what it does not know', () => {
    const help = run(['--help'])
    expect(help.status).toBe(0)
    for (const command of ['serve', 'validate', 'send', 'verify', 'export', 'account'])
      expect(help.stdout).toContain(command)
    for (const wrong of [['fly'], ['validate', '--colour'], ['send', 'x.json'], ['export'], []])
      expect(run(wrong).status, wrong.join(' ')).toBe(2)
  })

  test('names every bad setting at once and ends with 2, without touching the disk', () => {
    const data = join(root, 'never')
    for (const command of [['serve'], ['account', 'add', 'x1'], ['export', '--log', join(root, 'out')]]) {
      const ran = run(command, { HUB_DATA: data, HUB_PORT: 'eighty', HUB_LOG_LEVEL: 'loud', HUB_COLOUR: 'blue' })
      expect(ran.status, ran.stderr).toBe(2)
      for (const name of ['HUB_PORT', 'HUB_LOG_LEVEL', 'HUB_COLOUR']) expect(ran.stderr).toContain(name)
    }
    expect(run(['validate', data]).status).toBe(2)
  })
})

describe('an operator, a sender and an auditor with the command alone', () => {
  let hub: HubProgram
  let sender: Readonly<Record<string, string>>
  let file: string
  let receipt: string
  const data = join(root, 'data')
  const trust = join(data, 'keys/trust')

  beforeAll(async () => {
    hub = await prepareHub(data)
    const { clientId, clientSecret } = hub.addAccount('profil-a', 'Profil A', [buyerSiret])
    sender = { SOCLE_CLIENT_ID: clientId, SOCLE_CLIENT_SECRET: clientSecret }
    await hub.start()
    file = await fileOf('sent.json', anAward({ id: 'SENT' }))
    receipt = `${file}.receipt.json`
  })
  afterAll(async () => await hub.stop())

  test('an account is made once, with the rights and mandates that were asked for', () => {
    const again = hub.run(['account', 'add', 'profil-a'])
    expect(again.status).toBe(1)
    expect(again.output).toContain('profil-a')
    const wrong = {
      '--scope': ['account', 'add', 'x2', '--scope', 'admin'],
      'an id': ['account', 'add', 'Profil A!'],
      '--until': ['account', 'add', 'x3', '--buyer', buyerSiret, '--until', '2001-01-01'],
      'a SIRET': ['account', 'mandate', 'profil-a', '123'],
    }
    for (const [what, parameters] of Object.entries(wrong)) expect(hub.run(parameters).status, what).toBe(2)
    expect(hub.run(['account', 'mandate', 'profil-x', buyerSiret]).status).toBe(1)
    expect(hub.run(['account', 'mandate', 'profil-a', buyerSiret, '--until', '2099-01-01']).status).toBe(0)
  })

  test('a document is sent, its receipt kept and proved, and proved again offline', async () => {
    const sent = run(['send', file, '--to', hub.url], sender)
    expect(sent.stderr).toBe('')
    expect(sent.status).toBe(0)
    expect(sent.stdout).toContain(receipt)
    const first = await readFile(receipt, 'utf8')
    expect(run(['send', file, '--to', `${hub.url}/`], sender).status).toBe(0)
    expect(await readFile(receipt, 'utf8')).toBe(first)
    const verified = run(['verify', receipt, '--trust', trust, '--content', file])
    expect(verified.status, verified.stdout).toBe(0)
    const report = JSON.parse(run(['verify', receipt, '--trust', trust, '--json']).stdout) as { verdict: string }
    expect(report.verdict).toBe('proved')
  })

  test('a receipt in which anything was changed is not proved, and the check that failed is named', async () => {
    const good = JSON.parse(await readFile(receipt, 'utf8')) as Receipt
    const changed: Readonly<Record<string, object>> = {
      account: { envelope: { ...good.envelope, account: 'profil-b' } },
      time: { envelope: { ...good.envelope, at: '2026-01-01T00:00:00.000Z' } },
      salt: { salt: Buffer.alloc(16).toString('base64') },
      place: { proof: { ...good.proof, index: good.proof.index === 0 ? 1 : 0 } },
      state: { state: 'refused' },
      checkpoint: { checkpoint: good.checkpoint.replace(/^(.*)\n(\d+)\n/, '$1\n$21\n') },
    }
    for (const [what, change] of Object.entries(changed)) {
      const path = await fileOf(`changed-${what}.json`, JSON.stringify({ ...good, ...change }))
      const ran = run(['verify', path, '--trust', trust, '--json'])
      expect(ran.status, what).toBe(1)
      const { verdict, checks } = JSON.parse(ran.stdout) as {
        verdict: string
        checks: { result: string; place: string }[]
      }
      expect(verdict, what).toBe('not-proved')
      expect(checks.filter(({ result }) => result === 'failed').length, what).toBeGreaterThan(0)
    }
    const other = await fileOf('other.json', `${anAward({ id: 'SENT' })} `)
    expect(run(['verify', receipt, '--trust', trust, '--content', other]).status).toBe(1)
  })

  test('what is no receipt, no container and no log is unusable: 2', async () => {
    const rubbish = {
      'no file': join(root, 'nowhere'),
      'a text': await fileOf('rubbish.txt', 'bonjour'),
      'a PDF': await fileOf('rubbish.pdf', '%PDF-1.7'),
    }
    for (const [what, path] of Object.entries(rubbish))
      expect(run(['verify', path, '--trust', trust]).status, what).toBe(2)
    expect(run(['verify', receipt, '--trust', join(root, 'nowhere')]).status).toBe(2)
    const cut = await fileOf('cut.asice', 'PK\u0003\u0004')
    expect(run(['verify', cut, '--trust', trust]).status, 'a container that cannot be opened proves nothing').toBe(1)
  })

  test('a refusal is told with its findings and its receipt is kept and proved too', async () => {
    const wrong = await fileOf('wrong.json', withThreeFaults(anAward()))
    const ran = run(['send', wrong, '--to', hub.url], sender)
    expect(ran.status).toBe(1)
    expect(ran.stderr).toContain('HUB-CPV-CHECK-DIGIT')
    expect(run(['verify', `${wrong}.refusal.json`, '--trust', trust, '--content', wrong]).status).toBe(0)
  })

  test('what cannot be sent says why: no file, no document, no account, no hub', async () => {
    const text = await fileOf('note.txt', 'bonjour')
    expect(run(['send', join(root, 'nowhere.json'), '--to', hub.url], sender).status).toBe(2)
    expect(run(['send', text, '--to', hub.url], sender).status).toBe(2)
    expect(run(['send', file, '--to', hub.url]).status).toBe(2)
    const stranger = { ...sender, SOCLE_CLIENT_SECRET: 'guess' }
    const refused = run(['send', file, '--to', hub.url], stranger)
    expect(refused.status).toBe(2)
    expect(refused.stderr).toContain('profil-a')
    const nobody = run(['send', file, '--to', 'http://127.0.0.1:9'], sender)
    expect(nobody.status).not.toBe(0)
    expect(nobody.stderr).toMatch(/\S/)
  })

  test('the log is exported beside the running hub, stamped, and verifies without it; one changed byte does not', async () => {
    const log = join(root, 'export')
    const exported = hub.run(['export', '--log', log, '--stamp'])
    expect(exported.status, exported.output).toBe(0)
    expect(exported.output).toContain('stamped')
    const verified = run(['verify', log])
    expect(verified.status, verified.stdout).toBe(0)
    const bundle = join(log, 'log/tile/entries')
    const [name = ''] = spawnSync('find', [bundle, '-type', 'f'], { encoding: 'utf8' }).stdout.split('\n')
    const bytes = await readFile(name)
    bytes[40] = (bytes[40] ?? 0) ^ 1
    await writeFile(name, bytes)
    expect(run(['verify', log]).status).toBe(1)
  })
})
