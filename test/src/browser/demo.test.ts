import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { maySkip } from '../interop/tools.ts'
import { type Browser, findChromium, prepareBrowser } from './chromium.ts'
import { changed } from './page-files.ts'
import { give, pageAddress } from './verify-page.ts'

const tool = findChromium()
const root = mkdtempSync(join(tmpdir(), 'socle-demo-page-'))
const out = join(root, 'out')

describe.skipIf(maySkip(tool))('what the demonstration leaves for an auditor', () => {
  let browser: Browser
  beforeAll(() => {
    const demo = join(import.meta.dirname, '../../dist/demo/main.js')
    const ran = spawnSync(process.execPath, [demo, '--out', out], { encoding: 'utf8', timeout: 240_000 })
    if (ran.status !== 0)
      throw new Error(`the demonstration ended with ${ran.status}: ${ran.stdout.slice(-2_000)}${ran.stderr}`)
    browser = prepareBrowser(tool)
  }, 300_000)
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    rmSync(root, { recursive: true, force: true })
  })

  test('is proved by the page, offline: each of its containers, and the whole folder', async () => {
    await using open = await browser.open(pageAddress())
    const keys = ['log.vkey', 'seal-ca.pem', 'tsa-ca.pem'].map((name) => join(out, name))
    const containers = readdirSync(join(out, 'evidence')).map((name) => join(out, 'evidence', name))
    expect(containers.length).toBeGreaterThan(5)
    const each = await give(open.page, [...keys, ...containers])
    expect(each.verdict).toBe('proved')
    expect(await open.page.locator('article').count()).toBe(containers.length)
    await open.page.click('#again')
    const whole = await give(open.page, { folder: out })
    expect(whole.verdict).toBe('proved')
    await open.page.click('#again')
    const [container = ''] = containers
    const altered = await give(open.page, [...keys, changed(root, container, 2_000)])
    expect(altered.verdict).toBe('not-proved')
    expect(open.asked).toEqual([])
    expect(open.errors).toEqual([])
  })
})
