import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Applied, Subscriber } from '../check/evidence.ts'
import type { Recipient } from './prepare.ts'

interface Feed extends Pick<Subscriber, 'name' | 'types' | 'mandated'> {
  readonly reader: Pick<Recipient, 'token'>
}

interface Page {
  readonly events: readonly {
    readonly id: string
    readonly hubseq: number
    readonly partitionkey: string
  }[]
  readonly next: string
}

/** A hub that gives no page for so long gives none any more: the checker then says what never came. */
const patienceMs = 5_000

/** Reads a feed from its first event to its last and writes down what came, event by event, as it came. */
export async function readFeed(hub: string, { name, types, mandated, reader }: Feed, directory: string): Promise<void> {
  const file = join(directory, 'applied', `${name.replaceAll(' ', '-')}.jsonl`)
  // Who has no mandate asks for everything: what is not for it must not come.
  const kinds = mandated ? `&kinds=${types.join(',')}` : ''
  let after = ''
  for (;;) {
    const page = await pageOf(`${hub}/v1/feed?limit=200${kinds}${after}`, reader.token)
    if (!page || page.events.length === 0) return
    for (const event of page.events) {
      const { id, hubseq: sequence, partitionkey: consultation } = event
      const line: Applied = { subscriber: name, id, sequence, consultation, text: JSON.stringify(event) }
      appendFileSync(file, `${JSON.stringify(line)}\n`)
    }
    after = `&after=${encodeURIComponent(page.next)}`
  }
}

async function pageOf(url: string, token: string): Promise<Page | undefined> {
  for (const end = Date.now() + patienceMs; Date.now() < end; await sleep(200)) {
    try {
      const signal = AbortSignal.timeout(patienceMs)
      const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` }, signal })
      if (answer.status === 200) return (await answer.json()) as Page
      await answer.text()
    } catch {
      // The connection broke: again.
    }
  }
  return undefined
}
