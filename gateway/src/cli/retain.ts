import type { Command } from 'commander'
import { erase } from '../record/erase.ts'
import { type Retained, retainedBefore } from '../store/retained.ts'
import type { WiredHub } from '../wire.ts'
import { purged } from './erase.ts'
import { Unusable } from './exit.ts'
import { withHub } from './operator-hub.ts'

interface RetainOptions {
  readonly before?: string
  readonly apply?: true
}

const dayMs = 86_400_000
const decision = 'end of retention'

const help = `
Sans --apply : le plan seulement, daté. Sans --before : HUB_RETENTION (notice=3650,award=3650).
Without --apply: the plan alone, dated. Without --before: HUB_RETENTION (notice=3650,award=3650).`

export function retainCommand(program: Command): void {
  program
    .command('retain')
    .option('--before <date>', 'consultations whose newest document is older, whatever the kind (2016-11-30)')
    .option('--apply', 'erase them, consultation by consultation')
    .description('which documents are past their retention, and their erasure')
    .addHelpText('after', help)
    .action(async ({ before, apply }: RetainOptions) => {
      await withHub(async (hub) => {
        const plan = byConsultation(await due(hub, before))
        say(`plan ${hub.clock().toISOString()}`)
        for (const documents of plan) say(lineOf(documents))
        const count = plan.reduce((sum, { length }) => sum + length, 0)
        say(`${plan.length} consultations, ${count} documents`)
        if (!apply || count === 0) return
        for (const documents of plan) await erase(hub, { documents: documents.map(({ id }) => id), decision })
        say(`effacés / erased: ${count}`)
        await purged(hub)
      })
    })
}

/** By the date given, or by the days that each kind is kept. */
async function due(hub: WiredHub, before: string | undefined): Promise<readonly Retained[]> {
  const now = hub.clock().getTime()
  if (before !== undefined) {
    const date = new Date(before)
    if (!/^\d{4}-\d\d-\d\d/.test(before) || Number.isNaN(date.getTime()) || date.getTime() > now)
      throw new Unusable(`--before ${before}: une date passée / a date in the past, 2016-11-30`)
    return await retainedBefore(hub.store.reader, date.toISOString())
  }
  const kept = Object.entries(hub.config.retention)
  if (kept.length === 0) throw new Unusable('--before ou HUB_RETENTION / --before or HUB_RETENTION')
  const found: Retained[] = []
  for (const [kind, days] of kept) {
    const limit = new Date(now - days * dayMs).toISOString()
    found.push(...(await retainedBefore(hub.store.reader, limit, kind)))
  }
  return found
}

/** One consultation after the other: the key of each goes with its last document. */
function byConsultation(documents: readonly Retained[]): readonly (readonly Retained[])[] {
  const groups = new Map<string, Retained[]>()
  for (const document of documents) {
    const group = groups.get(document.consultation)
    if (group) group.push(document)
    else groups.set(document.consultation, [document])
  }
  return [...groups.values()]
}

function lineOf(documents: readonly Retained[]): string {
  const [first] = documents
  const counts = new Map<string, number>()
  for (const { kind } of documents) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  const told = [...counts].map(([kind, count]) => `${count} ${kind}`).join(', ')
  return `${first?.newest ?? ''} ${first?.consultation ?? ''}: ${told}`
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
