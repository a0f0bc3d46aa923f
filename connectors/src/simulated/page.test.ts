import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { request } from 'undici'
import { afterAll, expect, test } from 'vitest'
import { parseEvent } from '../kit/hub-event.ts'
import { idOf, rawEvent } from '../testing/events.ts'
import { pageOf, titleOf } from './page.ts'
import { createPageServer } from './page-server.ts'

const root = await mkdtemp(join(tmpdir(), 'connector-pages-'))
afterAll(async () => await rm(root, { recursive: true, force: true }))

const eventWith = (canonical: object) => {
  const { data } = rawEvent(1) as { data: object }
  return parseEvent(rawEvent(1, { data: { ...data, canonical } }))
}

test('a page escapes whatever the sender wrote', () => {
  const page = pageOf(eventWith({ title: `<script>alert("x")</script>&'` }), new Date('2026-11-24T10:00:00Z'))
  expect(page).not.toContain('<script')
  expect(page).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;&#39;')
})

test('the title is that of a notice, of an award, or says what the document is', () => {
  expect(titleOf(eventWith({ title: { text: 'Travaux', language: 'FRA' } }))).toBe('Travaux')
  expect(titleOf(eventWith({ title: 'Tonte' }))).toBe('Tonte')
  expect(titleOf(parseEvent(rawEvent(1)))).toBe("Données d'attribution C-1")
})

test('the earliest deadline of the lots is shown as the buyer wrote it', () => {
  const deadline = (asWritten: string) => ({ deadlines: { tenders: { on: '', asWritten } } })
  const canonical = { lots: [{}, deadline('2026-12-20T12:00:00+01:00'), deadline('2026-12-18T12:00:00+01:00')] }
  expect(pageOf(eventWith(canonical), new Date())).toContain('2026-12-18T12:00:00+01:00')
})

test('pages are served by document id, also after a restart, and nothing else of the disk is', async () => {
  const directory = join(root, 'pages')
  const get = async (url: string): Promise<readonly [number, string]> => {
    const answer = await request(url)
    return [answer.statusCode, await answer.body.text()]
  }
  {
    await using pages = await createPageServer(directory, 0)
    await pages.write(idOf(1), '<p>un</p>')
  }
  await writeFile(join(root, 'secret.html'), 'secret')
  await using pages = await createPageServer(directory, 0)
  expect(await pages.has(idOf(1))).toBe(true)
  expect(await pages.ids()).toEqual([idOf(1)])
  expect(await get(pages.urlOf(idOf(1)))).toEqual([200, '<p>un</p>'])
  for (const path of ['/avis/../secret', '/avis/..%2fsecret', `/avis/${idOf(2)}`, '/', `/avis/${'.'.repeat(36)}`])
    expect((await get(`${pages.url}${path}`))[0]).toBe(404)
})
