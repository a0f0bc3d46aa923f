import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask } from '../flow/party.ts'
import { maySkip } from '../interop/tools.ts'
import { startHub } from '../support/hub.ts'
import { type Browser, findChromium, prepareBrowser } from './chromium.ts'
import { fileOf } from './page-files.ts'
import { give, pageAddress } from './verify-page.ts'

const tool = findChromium()
const root = mkdtempSync(join(tmpdir(), 'socle-network-'))

interface Listener extends AsyncDisposable {
  readonly url: string
  /** Paths that were asked for. */
  readonly asked: Set<string>
}

/** Answers everything, to everybody. */
async function listen(): Promise<Listener> {
  const asked = new Set<string>()
  const server = createServer((request, response) => {
    asked.add(request.url ?? '')
    response.setHeader('access-control-allow-origin', '*')
    response.end('1')
  })
  server.on('upgrade', (request, socket) => {
    asked.add(request.url ?? '')
    socket.destroy()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

/** Every way out of a page that a program inside it could try, and the same from a thread as the page starts one. */
async function tryEverything(url: string): Promise<void> {
  const quietly = async (way: () => unknown): Promise<void> => {
    try {
      await way()
    } catch {
      // Refused: what counts is what the listener heard.
    }
  }
  const add = (name: string, attributes: Record<string, string>): void => {
    const made = document.createElement(name)
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
    document.body.append(made)
  }
  await quietly(async () => await fetch(`${url}/fetch`, { mode: 'no-cors' }))
  await quietly(() => navigator.sendBeacon(`${url}/beacon`, 'x'))
  await quietly(() => new WebSocket(`${url.replace('http', 'ws')}/socket`))
  await quietly(() => new EventSource(`${url}/events`))
  await quietly(() => {
    const request = new XMLHttpRequest()
    request.open('GET', `${url}/xhr`)
    request.send()
  })
  await quietly(() => add('img', { src: `${url}/image` }))
  await quietly(() => add('script', { src: `${url}/script` }))
  await quietly(() => add('link', { rel: 'stylesheet', href: `${url}/style` }))
  await quietly(() => add('iframe', { src: `${url}/frame` }))
  await quietly(() => add('audio', { src: `${url}/audio`, preload: 'auto' }))
  await quietly(() => add('object', { data: `${url}/object` }))
  await quietly((): Worker => {
    const text = `fetch('${url}/thread-fetch', { mode: 'no-cors' }).catch(() => {});
      try { importScripts('${url}/thread-script') } catch {}
      try { new WebSocket('${url.replace('http', 'ws')}/thread-socket') } catch {}`
    return new Worker(URL.createObjectURL(new Blob([text], { type: 'text/javascript' })))
  })
  await new Promise((done) => setTimeout(done, 2_000))
}

const ways = [
  '/fetch',
  '/beacon',
  '/socket',
  '/events',
  '/xhr',
  '/image',
  '/script',
  '/style',
  '/frame',
  '/audio',
  '/object',
  '/thread-fetch',
  '/thread-script',
  '/thread-socket',
]

describe.skipIf(maySkip(tool))('the policy of the page', () => {
  let browser: Browser
  beforeAll(() => {
    browser = prepareBrowser(tool, { offline: false })
  })
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    rmSync(root, { recursive: true, force: true })
  })

  test('lets nothing out by any way, from the page or its threads, on a machine with a network', async () => {
    await using listener = await listen()
    await using open = await browser.open(pageAddress())
    await open.page.evaluate(tryEverything, listener.url)
    expect([...listener.asked]).toEqual([])
    expect(open.errors.join('\n')).toContain('Content Security Policy')
  })

  test('is what holds them back: without it each of these ways leads out', async () => {
    const html = readFileSync(fileURLToPath(pageAddress()), 'utf8')
    const open = join(root, 'open.html')
    writeFileSync(open, html.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, ''))
    await using listener = await listen()
    await using page = await browser.open(pathToFileURL(open).href)
    await page.page.evaluate(tryEverything, listener.url)
    await expect.poll(() => [...listener.asked].sort(), { timeout: 30_000 }).toEqual([...ways].sort())
  })

  test('names each script and style by its digest, and nothing else', () => {
    const html = readFileSync(fileURLToPath(pageAddress()), 'utf8')
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? ''
    expect(policy).toMatch(
      /^default-src 'none'; script-src 'sha256-[\w+/]{43}='; style-src 'sha256-[\w+/]{43}='; worker-src blob:; base-uri 'none'; form-action 'none'$/,
    )
    expect(html).not.toMatch(/\b(?:src|href)\s*=\s*["'](?!\{)/i)
    expect(html.length).toBeLessThan(400_000)
  })

  test('the hub serves the very same file, which nobody may frame', async () => {
    await using hub = await startHub()
    const answer = await ask(hub, '/verify')
    expect(answer.status).toBe(200)
    expect(answer.bytes.equals(readFileSync(fileURLToPath(pageAddress())))).toBe(true)
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(answer.headers.get('content-security-policy')).toBe("frame-ancestors 'none'")
    await using open = await browser.open(`${hub.url}/verify`)
    expect(await open.page.locator('h1').textContent()).toBe('Vérifier une preuve')
    // Its thread runs there too.
    expect((await give(open.page, [fileOf(root, 'text.txt', 'no proof')])).verdict).toBe('nothing')
    expect(open.errors).toEqual([])
  })
})
