/**
 * Writes `gateway/verify-page.png`, the picture of the README: a container that a sandbox hub has just made, proved by
 * the page without a network. Run by hand when the page changes: `node test/dist/browser/main.js [FILE]`.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findChromium, prepareBrowser } from './chromium.ts'
import { makeEvidence } from './evidence.ts'
import { give, pageAddress } from './verify-page.ts'

const file = process.argv[2] ?? join(import.meta.dirname, '../../../gateway/verify-page.png')
const root = mkdtempSync(join(tmpdir(), 'socle-picture-'))
try {
  const evidence = await makeEvidence(join(root, 'evidence'))
  await using browser = prepareBrowser(findChromium())
  await using open = await browser.open(pageAddress())
  await give(open.page, [...evidence.keys, evidence.container])
  // The mark of the focus is for whoever has a keyboard.
  await open.page.locator('#verdict').blur()
  await open.page.setViewportSize({ width: 1_100, height: 860 })
  await open.page.screenshot({ path: file })
} finally {
  rmSync(root, { recursive: true, force: true })
}
