import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verifyPath } from '@socle/gateway'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { maySkip } from '../interop/tools.ts'
import { type Browser, findChromium, type OpenPage, prepareBrowser } from './chromium.ts'
import { type Evidence, makeEvidence } from './evidence.ts'
import { changed, fileOf } from './page-files.ts'
import { give, type Line, pageAddress } from './verify-page.ts'

const tool = findChromium()
const root = mkdtempSync(join(tmpdir(), 'socle-same-'))

/** What the command is asked, and so the page. */
interface Case {
  readonly path: string
  readonly content?: string
  readonly from?: string
}

const unreadable = /a certificate cannot be read/

interface Told {
  readonly verdict: string
  readonly lines: readonly Line[]
}

describe.skipIf(maySkip(tool))('the page and the command', () => {
  let browser: Browser
  let open: OpenPage
  let evidence: Evidence
  beforeAll(async () => {
    evidence = await makeEvidence(join(root, 'evidence'))
    browser = prepareBrowser(tool)
    open = await browser.open(pageAddress())
    await give(open.page, evidence.keys)
  })
  afterAll(async () => {
    expect(open?.asked).toEqual([])
    expect(open?.errors).toEqual([])
    await browser?.[Symbol.asyncDispose]()
    rmSync(root, { recursive: true, force: true })
  })

  async function commandSays({ path, content, from }: Case): Promise<Told> {
    const report = await verifyPath(path, {
      trust: evidence.trust,
      now: new Date(),
      ...(content === undefined ? {} : { content }),
      ...(from === undefined ? {} : { from }),
    })
    const lines = report.checks.map(({ place, result, message, detail }) => ({
      place: place.replace(/^.*\/(?=older-checkpoint)/, ''),
      result,
      said: detail === undefined ? message.fr : `${message.fr} [${detail}]`,
    }))
    return { verdict: report.verdict, lines }
  }

  async function pageSays(page: Page, { path, content, from }: Case): Promise<Told> {
    await page.click('#again')
    const others = [content, from].filter((file) => file !== undefined)
    const { verdict, lines } = await give(page, [...evidence.keys, path, ...others])
    return { verdict, lines: lines.map((line) => ({ ...line, place: line.place.replace(/^\/files\//, '') })) }
  }

  /** Gives the same bytes to both. @returns the verdict that they share */
  async function agreeOn(one: Case): Promise<string> {
    const [told, shown] = [await commandSays(one), await pageSays(open.page, one)]
    // OpenSSL finds some altered certificates unreadable that the page reads, and refuses one check later: the technical
    // reason then differs, the verdict of each check does not.
    const same = (line: Line, other: Line | undefined): Line =>
      unreadable.test(`${line.said}${other?.said}`) ? { ...line, said: line.said.replace(/ \[.*\]$/, '') } : line
    const lines = shown.lines.map((line, at) => same(line, told.lines[at]))
    const expected = told.lines.map((line, at) => same(line, shown.lines[at]))
    expect({ verdict: shown.verdict, lines }, one.path).toEqual({ verdict: told.verdict, lines: expected })
    return told.verdict
  }

  /** The file with a byte changed at each of `count` places spread over it. */
  function* changedAll(path: string, count: number): Generator<string> {
    const { length } = readFileSync(path)
    for (let step = 0; step < count; step += 1)
      yield changed(root, path, Math.min(length - 1, Math.floor(((step + 0.5) * length) / count)))
  }

  test('prove the same', async () => {
    const good: Case[] = [
      { path: evidence.container },
      { path: evidence.receipt },
      { path: evidence.receipt, content: evidence.document },
      { path: evidence.older },
      { path: evidence.archive },
    ]
    for (const one of good) expect(await agreeOn(one)).toBe('proved')
    const checkpoint = fileOf(root, 'checkpoint', readFileSync(evidence.checkpoint))
    expect(await agreeOn({ path: checkpoint, from: evidence.older })).not.toBe('proved')
  })

  test('find the same faults in containers: a byte changed anywhere, bytes cut off or put behind', async () => {
    const verdicts = new Set<string>()
    for (const path of changedAll(evidence.archive, 10)) verdicts.add(await agreeOn({ path }))
    for (const path of changedAll(evidence.container, 40)) verdicts.add(await agreeOn({ path }))
    const bytes = readFileSync(evidence.container)
    for (const other of [
      bytes.subarray(0, -1),
      bytes.subarray(0, 500),
      Buffer.concat([bytes, Buffer.from('x')]),
      Buffer.concat([bytes, bytes]),
      bytes.subarray(1),
    ])
      verdicts.add(await agreeOn({ path: fileOf(root, 'preuve.asice', other) }))
    // Some bytes of a zip file say nothing of what is in it: dates, attributes.
    expect(verdicts).toContain('not-proved')
  })

  test('find the same faults in receipts and documents', async () => {
    for (const path of changedAll(evidence.receipt, 30))
      expect(await agreeOn({ path, content: evidence.document })).not.toBe('proved')
    for (const content of changedAll(evidence.document, 4))
      expect(await agreeOn({ path: evidence.receipt, content })).toBe('not-proved')
    const others = ['{"a":1}', '[]'].map((text) => fileOf(root, 'marche.json', text))
    for (const content of others) expect(await agreeOn({ path: evidence.receipt, content })).toBe('not-proved')
  })

  test('find the same faults in checkpoints', async () => {
    for (const path of changedAll(evidence.older, 12)) expect(await agreeOn({ path })).not.toBe('proved')
  })

  test('find the same faults in an exported folder', async () => {
    const folder = join(root, 'export')
    const said = async (): Promise<string> => {
      const report = await verifyPath(folder, { now: new Date() })
      const lines = report.checks.map(({ place, result, message, detail }) => ({
        place,
        result,
        said: detail === undefined ? message.fr : `${message.fr} [${detail}]`,
      }))
      await open.page.click('#again')
      const shown = await give(open.page, { folder })
      expect(shown.lines).toEqual(lines)
      expect(shown.verdict).toBe(report.verdict)
      return report.verdict
    }
    cpSync(evidence.export, folder, { recursive: true })
    expect(await said()).toBe('proved')
    for (const file of [
      'log/checkpoint',
      'log/tile/0/000.p/4',
      'log/tile/entries/000.p/4',
      'checkpoint.tsr',
      'timestamps.ndjson',
      'receipts/marche-1.json',
      'documents/marche-2.json',
      'evidence/marche-1.asice',
      'seal-ca.pem',
      'tsa-ca.pem',
      'log.vkey',
    ]) {
      const { length } = readFileSync(join(folder, file))
      cpSync(changed(root, join(folder, file), Math.floor(length / 2)), join(folder, file))
      expect(await said(), file).not.toBe('proved')
      cpSync(join(evidence.export, file), join(folder, file))
    }
  })
})
