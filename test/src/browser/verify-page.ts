import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Locator, Page } from 'playwright-core'

const root = join(import.meta.dirname, '../../..')

/** The built page, as an auditor opens it from a disk. */
export function pageAddress(): string {
  const file = join(root, 'gateway/dist/page/verify.html')
  if (!existsSync(file)) throw new Error('the page is not built: node gateway/scripts/build-page.mjs')
  return pathToFileURL(file).href
}

/** One line of the page's report. */
export interface Line {
  readonly result: string
  readonly place: string
  /** The message, and the technical reason in brackets. */
  readonly said: string
}

export interface Shown {
  /** Class of the heading: `proved`, `not-proved`, `unusable` or `nothing`. */
  readonly verdict: string
  readonly lines: readonly Line[]
  /** All the text of the result. */
  readonly text: string
}

/** Gives files (or one folder) to the page and waits for its verdict. */
export async function give(page: Page, files: readonly string[] | { readonly folder: string }): Promise<Shown> {
  if ('folder' in files) await page.setInputFiles('#folder', files.folder)
  else await page.setInputFiles('#files', [...files])
  return await shown(page)
}

/** Waits for the end of a verification, then reads what is shown. */
export async function shown(page: Page): Promise<Shown> {
  const heading = page.locator('#verdict')
  await heading.waitFor({ timeout: 60_000 })
  const verdict = (await heading.getAttribute('class'))?.replace('verdict ', '') ?? ''
  const lines = await readLines(page.locator('article .checks li[data-result]'))
  return { verdict, lines, text: await page.locator('#result').innerText() }
}

async function readLines(items: Locator): Promise<Line[]> {
  return await items.evaluateAll((found) =>
    found.map((item) => ({
      result: item.getAttribute('data-result') ?? '',
      place: item.querySelector('code')?.getAttribute('data-place') ?? '',
      said: item.querySelector('.said')?.textContent ?? '',
    })),
  )
}
