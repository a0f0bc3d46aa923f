import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { maySkip } from '../interop/tools.ts'
import { type Browser, findChromium, type OpenPage, prepareBrowser } from './chromium.ts'
import { type Evidence, makeEvidence } from './evidence.ts'
import { changed, fileOf } from './page-files.ts'
import { give, pageAddress, type Shown, shown } from './verify-page.ts'

const tool = findChromium()
const root = mkdtempSync(join(tmpdir(), 'socle-page-'))
let browser: Browser
let evidence: Evidence

/** Opens the page, gives it files, and sees that it asked nobody and broke nothing. */
async function verified(files: Parameters<typeof give>[1], locale?: string): Promise<Shown> {
  await using open = await browser.open(pageAddress(), locale)
  const result = await give(open.page, files)
  expectQuiet(open)
  return result
}

function expectQuiet({ asked, errors }: OpenPage): void {
  expect(asked).toEqual([])
  expect(errors).toEqual([])
}

const failedIn = ({ lines }: Shown): string[] =>
  lines.filter(({ result }) => result === 'failed').map(({ place, said }) => `${place}: ${said}`)

describe.skipIf(maySkip(tool))('the page that verifies, opened from a disk without a network', () => {
  beforeAll(async () => {
    evidence = await makeEvidence(join(root, 'evidence'))
    browser = prepareBrowser(tool)
  })
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    rmSync(root, { recursive: true, force: true })
  })

  test('proves a container, each check shown, and names the keys it was held against', async () => {
    const result = await verified([...evidence.keys, evidence.container])
    expect(result.verdict).toBe('proved')
    expect(result.lines.length).toBeGreaterThan(12)
    // A container cannot know of deliveries that it does not show, and says so.
    const others = result.lines.filter((line) => line.result !== 'proved')
    expect(others.map(({ result: one, place }) => [one, place])).toEqual([['not-checked', 'preuve.asice']])
    expect(others[0]?.said).toContain('d’autres livraisons')
    const places = result.lines.map(({ place }) => place)
    for (const file of ['document.json', 'META-INF/signature.p7s', 'META-INF/socle/checkpoint.tsr'])
      expect(places).toContain(`preuve.asice!/${file}`)
    expect(result.text).toContain(readFileSync(join(evidence.trust, 'log.vkey'), 'utf8').trim())
    expect(result.text).toContain('socle verify preuve.asice --trust trust')
  })

  test('proves the archive of a consultation, and finds the changed byte in it', async () => {
    const good = await verified([...evidence.keys, evidence.archive])
    expect(good.verdict).toBe('proved')
    expect(good.lines.length).toBeGreaterThanOrEqual(3)
    const bad = await verified([...evidence.keys, changed(root, evidence.archive, 'Entretien des espace')])
    expect(bad.verdict).toBe('not-proved')
  })

  test('says what is wrong in a container of which one byte was changed', async () => {
    const result = await verified([...evidence.keys, changed(root, evidence.container, 'Entretien des espace')])
    expect(result.verdict).toBe('not-proved')
    expect(failedIn(result).join('\n')).toMatch(/^preuve\.asice: .* \[.*document\.json is damaged\]/)
  })

  test('proves a receipt and its document, whatever the document is called', async () => {
    const renamed = fileOf(root, 'autre nom.txt', readFileSync(evidence.document))
    for (const document of [evidence.document, renamed]) {
      const result = await verified([...evidence.keys, evidence.receipt, document])
      expect(result.verdict).toBe('proved')
      expect(result.lines).toHaveLength(11)
    }
  })

  test('says that the document, or the receipt, was changed', async () => {
    const document = changed(root, evidence.document, 'Entretien des espace')
    const bad = await verified([...evidence.keys, evidence.receipt, document])
    expect(bad.verdict).toBe('not-proved')
    expect(failedIn(bad)).toEqual([expect.stringMatching(/^marche\.json: .* \[content: the SHA-256 digest differs\]$/)])
    const receipt = changed(root, evidence.receipt, '"salt": "')
    const worse = await verified([...evidence.keys, receipt, evidence.document])
    expect(worse.verdict).toBe('not-proved')
    expect(failedIn(worse)).toEqual([expect.stringContaining('[envelope: the commitment differs]')])
  })

  test('does not prove without keys, with those of others, or with two that differ', async () => {
    const none = await verified([evidence.container])
    expect(none).toMatchObject({ verdict: 'unusable', lines: [] })
    expect(none.text).toContain('aucune clé de confiance')
    const other = fileOf(root, 'log.vkey', 'autre+00000000+AQAA')
    const unreadable = await verified([other, evidence.container])
    expect(unreadable.verdict).toBe('unusable')
    await using open = await browser.open(pageAddress())
    await give(open.page, [...evidence.keys, evidence.container])
    // A folder brings a second file of the same name.
    cpSync(other, join(root, 'dossier', 'log.vkey'))
    await open.page.setInputFiles('#folder', join(root, 'dossier'))
    const two = await shown(open.page)
    expect(two.verdict).toBe('unusable')
    expect(two.text).toContain('deux fichiers de clés')
  })

  test('proves a checkpoint and its token, and sees either changed', async () => {
    const kept = fileOf(root, 'checkpoint', readFileSync(evidence.checkpoint))
    const token = fileOf(root, 'jeton.tsr', readFileSync(evidence.token))
    const good = await verified([...evidence.keys, kept, token])
    expect(good.verdict).toBe('proved')
    expect(good.lines.map(({ place }) => place)).toEqual(expect.arrayContaining(['checkpoint', 'checkpoint.tsr']))
    const bad = await verified([...evidence.keys, changed(root, kept, 'sandbox'), token])
    expect(bad.verdict).toBe('not-proved')
    const early = await verified([...evidence.keys, kept, changed(root, token, 400)])
    expect(early.verdict).toBe('not-proved')
    expect(failedIn(early)[0]).toContain('checkpoint.tsr')
  })

  test('proves an exported folder, and that an older checkpoint is its beginning', async () => {
    await using open = await browser.open(pageAddress())
    const good = await give(open.page, { folder: evidence.export })
    expect(good.verdict).toBe('proved')
    expect(good.lines.map(({ place }) => place)).toContain('receipts/marche-2.json')
    const compared = await give(open.page, [evidence.older])
    expect(compared.verdict).toBe('proved')
    expect(compared.text).toContain('--from older-checkpoint')
    expectQuiet(open)
  })

  test('finds the changed byte in an exported folder', async () => {
    const folder = join(root, 'altered')
    cpSync(evidence.export, folder, { recursive: true })
    const bundle = join(folder, 'log/tile/entries/000.p')
    const [file] = [changed(root, join(bundle, '4'), 40)]
    cpSync(file, join(bundle, '4'))
    const result = await verified({ folder })
    expect(result.verdict).toBe('not-proved')
    expect(failedIn(result).join('\n')).toContain('log/tile/entries/000.p/4')
  })

  test('hostile files end in a plain word, within the limits of the command', async () => {
    const huge = fileOf(root, 'huge.bin', '')
    truncateSync(huge, 300 * 1024 * 1024)
    const zip = readFileSync(evidence.container)
    const hostile: readonly (readonly [string, string | Uint8Array])[] = [
      ['text.asice', 'no zip at all'],
      ['cut.asice', zip.subarray(0, zip.length - 9)],
      ['head.asice', zip.subarray(0, 200)],
      ['zeros.asice', Buffer.concat([zip.subarray(0, 4), Buffer.alloc(100_000)])],
      ['deep.json', `{"format":1,"envelope":${'['.repeat(200_000)},"leaf":1,"seal":1,"proof":1}`],
      ['broken.json', '{"format":"socle-receipt/v1","envelope":{},"leaf":"","seal":{},"proof":'],
      ['noise.tsr', Buffer.alloc(5_000, 0x30)],
      ['<img src=x onerror=alert(1)>.asice', 'PK'],
    ]
    const files = hostile.map(([name, bytes]) => fileOf(root, name, bytes))
    await using open = await browser.open(pageAddress())
    const result = await give(open.page, [...evidence.keys, huge, ...files])
    expect(result.verdict).toBe('not-proved')
    expect(result.text).not.toMatch(/TypeError|RangeError|undefined|\bat \w+ \(|\.ts:\d/)
    expect(result.text).toMatch(/huge\.bin\s+fichier de plus de 256 Mio/)
    expect(result.text).toContain('<img src=x onerror=alert(1)>.asice')
    expect(await open.page.locator('img').count()).toBe(0)
    const resultsOf = (name: string): string[] =>
      result.lines.filter(({ place }) => place === name).map((line) => line.result)
    // What is no archive at all is unusable; what begins as one, or as a receipt, and is not, has failed.
    expect(resultsOf('text.asice')).toEqual(['not-checked'])
    for (const name of ['cut.asice', 'head.asice', 'zeros.asice', 'deep.json', 'broken.json']) {
      expect(resultsOf(name), name).toContain('failed')
      expect(resultsOf(name), name).not.toContain('proved')
    }
    expectQuiet(open)
  })

  test('a file that was not read keeps the others from being said to be proved', async () => {
    const huge = fileOf(root, 'huge.bin', '')
    truncateSync(huge, 300 * 1024 * 1024)
    const result = await verified([...evidence.keys, evidence.container, huge])
    expect(result.verdict).toBe('unusable')
    expect(result.lines.map(({ result: one }) => one)).not.toContain('failed')
    expect(result.text).toMatch(/huge\.bin\s+fichier de plus de 256 Mio/)
  })

  test('a file that cannot be a proof is named, and nothing is said to be proved', async () => {
    const result = await verified([...evidence.keys, evidence.document])
    expect(result.verdict).toBe('nothing')
    expect(result.text).toContain('document sans reçu')
  })

  test('a document that no receipt covers fails beside receipts', async () => {
    const other = fileOf(root, 'intrus.json', '{}')
    const result = await verified([...evidence.keys, evidence.receipt, evidence.document, other])
    expect(result.verdict).toBe('not-proved')
    expect(failedIn(result)).toEqual([expect.stringMatching(/^intrus\.json: aucun reçu valable/)])
  })

  test('files are dropped as well as chosen', async () => {
    await using open = await browser.open(pageAddress())
    const files = [...evidence.keys, evidence.container].map((path) => ({
      name: path.split('/').pop() ?? '',
      base64: readFileSync(path).toString('base64'),
    }))
    const transfer = await open.page.evaluateHandle((given) => {
      const made = new DataTransfer()
      for (const { name, base64 } of given)
        made.items.add(new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], name))
      return made
    }, files)
    await open.page.dispatchEvent('body', 'drop', { dataTransfer: transfer })
    expect((await shown(open.page)).verdict).toBe('proved')
    expectQuiet(open)
  })

  test('a verification that takes long is stopped by the person', async () => {
    await using open = await browser.open(pageAddress())
    const large = fileOf(root, 'large.json', '')
    truncateSync(large, 250 * 1024 * 1024)
    await open.page.setInputFiles('#files', [...evidence.keys, evidence.receipt, large])
    await open.page.click('#stop')
    expect(await open.page.locator('#status').textContent()).toContain('Vérification arrêtée')
    expect(await open.page.locator('#result').isVisible()).toBe(false)
    await open.page.click('#again')
    expect((await give(open.page, [...evidence.keys, evidence.receipt])).verdict).toBe('proved')
  })
})
