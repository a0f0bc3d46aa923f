import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { maySkip } from '../interop/tools.ts'
import { type Browser, findChromium, prepareBrowser } from './chromium.ts'
import { type Evidence, makeEvidence } from './evidence.ts'
import { changed } from './page-files.ts'
import { give, pageAddress, shown } from './verify-page.ts'

const tool = findChromium()
const root = mkdtempSync(join(tmpdir(), 'socle-people-'))

/** Presses Tab until this element has the focus; a mouse would not need it. */
async function tabTo(page: Page, selector: string, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  for (let step = 0; step < 30; step += 1) {
    await page.keyboard.press(key)
    if (await page.locator(selector).evaluate((element) => element === document.activeElement)) return
  }
  throw new Error(`${selector} cannot be reached by the keyboard`)
}

/** Contrast of a text with what is behind it, as WCAG 2 computes it; the least of all matching elements. */
async function leastContrast(page: Page, selector: string): Promise<number> {
  return await page.locator(selector).evaluateAll((elements) => {
    const channels = (color: string): number[] => (color.match(/[\d.]+/g) ?? []).map(Number)
    const luminance = (color: string): number => {
      const [red = 0, green = 0, blue = 0] = channels(color).map((channel) => {
        const value = channel / 255
        return value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
      })
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
    const groundOf = (element: Element | null): string => {
      if (element === null) return 'rgb(255, 255, 255)'
      const ground = getComputedStyle(element).backgroundColor
      return channels(ground)[3] === 0 ? groundOf(element.parentElement) : ground
    }
    const ratios = elements.map((element) => {
      const both = [luminance(getComputedStyle(element).color), luminance(groundOf(element))]
      return (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05)
    })
    return Math.min(...ratios)
  })
}

describe.skipIf(maySkip(tool))('the page that verifies, for people', () => {
  let browser: Browser
  let evidence: Evidence
  beforeAll(async () => {
    evidence = await makeEvidence(join(root, 'evidence'))
    browser = prepareBrowser(tool)
  })
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    rmSync(root, { recursive: true, force: true })
  })

  test('speaks the language of the browser, and the other one at once, result included', async () => {
    await using english = await browser.open(pageAddress(), 'en-GB')
    expect(await english.page.locator('html').getAttribute('lang')).toBe('en')
    await using open = await browser.open(pageAddress(), 'fr-FR')
    const { page } = open
    expect(await page.locator('html').getAttribute('lang')).toBe('fr')
    const before = await give(page, [...evidence.keys, evidence.receipt])
    expect(before.text).toContain('Prouvé')
    expect(before.text).toContain('Le reçu est complet et bien formé.')
    await page.click('#en')
    const after = await shown(page)
    expect(await page.locator('html').getAttribute('lang')).toBe('en')
    expect(after.verdict).toBe(before.verdict)
    expect(after.text).toContain('The receipt is complete and well formed.')
    expect(after.text).not.toContain('Prouvé')
    expect(await page.title()).toBe('Verify a proof – Socle')
    expect(await page.locator('#en').getAttribute('aria-pressed')).toBe('true')
    expect(after.lines.map(({ result }) => result)).toEqual(before.lines.map(({ result }) => result))
    // No word is left without its text in either language.
    for (const language of ['fr', 'en']) {
      await page.click(`#${language}`)
      expect(await page.locator('[data-text]:empty').count()).toBe(0)
    }
  })

  test('is used by the keyboard alone: language, files, result, again', async () => {
    await using open = await browser.open(pageAddress())
    const { page } = open
    // Listened for from the beginning: the browser is told once, and must know before the key is pressed.
    const asked = page.waitForEvent('filechooser')
    await tabTo(page, '#en')
    await page.keyboard.press('Enter')
    expect(await page.locator('h1').textContent()).toBe('Verify a proof')
    await tabTo(page, '#files')
    await page.keyboard.press('Enter')
    await (await asked).setFiles([...evidence.keys, evidence.container])
    expect((await shown(page)).verdict).toBe('proved')
    // The verdict has the focus: a screen reader goes on from there.
    expect(await page.locator('#verdict').evaluate((element) => element === document.activeElement)).toBe(true)
    await tabTo(page, '#again', 'Shift+Tab')
    await page.keyboard.press('Enter')
    expect(await page.locator('#result').isVisible()).toBe(false)
    expect(await page.locator('#files').evaluate((element) => element === document.activeElement)).toBe(true)
  })

  test('tells assistive programs what each part is, and the verdict when it is there', async () => {
    await using open = await browser.open(pageAddress())
    const { page } = open
    await page.getByLabel('Choisir des fichiers').waitFor({ state: 'attached' })
    await page.getByLabel('Choisir un dossier').waitFor({ state: 'attached' })
    await page.getByRole('group', { name: 'Langue' }).waitFor()
    await give(page, [...evidence.keys, changed(root, evidence.container, 'Entretien des espace')])
    expect(await page.getByRole('status').textContent()).toMatch(/^Non prouvé\. /)
    await page.getByRole('region', { name: /Non prouvé/ }).waitFor()
    await page.getByRole('heading', { level: 3, name: /preuve\.asice/ }).waitFor()
    // Never by colour alone: each line says its verdict in words.
    const words = await page.locator('.checks li .badge').allTextContents()
    expect(words.length).toBeGreaterThan(0)
    for (const word of words) expect(word).toMatch(/Prouvé|Échec|Non vérifié/)
  })

  test.each(['light', 'dark'] as const)('can be read in %s: contrast of at least 4.5', async (colorScheme) => {
    await using open = await browser.open(pageAddress())
    const { page } = open
    await page.emulateMedia({ colorScheme })
    await give(page, [...evidence.keys, evidence.receipt, changed(root, evidence.container, 'Entretien des espace')])
    for (const selector of ['p', 'h1', 'h2', 'h3', 'li', 'code', '.badge', '.detail', '.counts', 'button', '.choice'])
      expect(await leastContrast(page, `${selector}:visible`), selector).toBeGreaterThanOrEqual(4.5)
  })

  test('prints the result without the controls', async () => {
    await using open = await browser.open(pageAddress())
    const { page } = open
    await give(page, [...evidence.keys, evidence.receipt])
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('#drop').isVisible()).toBe(false)
    expect(await page.locator('#languages').isVisible()).toBe(false)
    expect(await page.locator('article').isVisible()).toBe(true)
    expect(await page.locator('.key').first().isVisible()).toBe(true)
    expect((await page.pdf()).length).toBeGreaterThan(5_000)
  })

  test('fits a narrow screen: nothing is cut off at the side', async () => {
    await using open = await browser.open(pageAddress())
    const { page } = open
    await page.setViewportSize({ width: 360, height: 740 })
    await give(page, { folder: evidence.export })
    const [wide, seen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
    expect(wide).toBeLessThanOrEqual(seen ?? 0)
  })
})
