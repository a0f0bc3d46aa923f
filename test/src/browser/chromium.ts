import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import type { Tool } from '../interop/tools.ts'

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Debian's Chromium. */
export function findChromium(): Tool {
  const { status, stdout } = spawnSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' })
  return status === 0 ? { ready: true, command: stdout.trim() } : { ready: false, reason: 'chromium is not installed' }
}

export interface Browser extends AsyncDisposable {
  /** A page in a language, with everything it asked the network for. */
  open(address: string, locale?: string): Promise<OpenPage>
}

export interface OpenPage extends AsyncDisposable {
  readonly page: Page
  /** Requests that left, or would have: all but the file itself and what the page made of its own text. */
  readonly asked: readonly string[]
  /** What the page's console said of errors. */
  readonly errors: readonly string[]
}

/** Each page has a browser profile of its own, new and empty. Without a network, unless the network is what is tested. */
export function prepareBrowser(tool: Tool, { offline = true }: { readonly offline?: boolean } = {}): Browser {
  if (!tool.ready) throw new Error(tool.reason)
  const { command } = tool
  const open = new Set<() => Promise<void>>()
  return {
    async open(address, locale = 'fr-FR') {
      const profile = mkdtempSync(join(tmpdir(), 'socle-chromium-'))
      const context = await chromium.launchPersistentContext(profile, {
        executablePath: command,
        args: flags,
        headless: true,
        offline,
        locale,
        viewport: { width: 1_100, height: 800 },
      })
      const close = async (): Promise<void> => {
        open.delete(close)
        await context.close()
        rmSync(profile, { recursive: true, force: true })
      }
      open.add(close)
      return { ...(await openIn(context, address, offline)), [Symbol.asyncDispose]: close }
    },
    async [Symbol.asyncDispose]() {
      for (const close of open) await close()
    },
  }
}

async function openIn(
  context: BrowserContext,
  address: string,
  offline: boolean,
): Promise<Omit<OpenPage, typeof Symbol.asyncDispose>> {
  const asked: string[] = []
  const errors: string[] = []
  if (offline) {
    await context.route(
      (url) => url.protocol !== 'file:',
      async (route) => {
        asked.push(route.request().url())
        await route.abort()
      },
    )
  }
  const page = context.pages()[0] ?? (await context.newPage())
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith('file:') && !url.startsWith('blob:')) asked.push(url)
  })
  page.on('pageerror', (error) => void errors.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  await page.goto(address)
  return { page, asked, errors }
}
