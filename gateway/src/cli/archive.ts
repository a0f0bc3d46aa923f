import type { Command } from 'commander'
import { type Archived, archiveNext } from '../record/evidence-record.ts'
import { renewByHash, renewByTimestamp } from '../record/evidence-record-renew.ts'
import type { WiredHub } from '../wire.ts'
import { Unusable } from './exit.ts'
import { withHub } from './operator-hub.ts'

interface ArchiveOptions {
  readonly day?: string
  readonly renew?: string
}

export function archiveCommand(program: Command): void {
  program
    .command('archive')
    .option('--day <day>', 'archive up to that UTC day (2026-11-24), or renew that day only')
    .option('--renew <how>', '`timestamp`: a new token over those there are; `hash`: a new hash tree under SHA-512 too')
    .description('evidence records (RFC 4998): archive every day that is over, or renew what is archived')
    .action(async (options: ArchiveOptions) => {
      const { day } = options
      if (day !== undefined && !isDay(day)) throw new Unusable(`--day ${day}: 2026-11-24`)
      const work = workOf(options)
      await withHub(async (hub) => {
        for await (const one of work(hub)) say(one)
      })
    })
}

function workOf({ day, renew }: ArchiveOptions): (hub: WiredHub) => AsyncIterable<Archived> {
  if (renew === undefined) return (hub) => archiveAll(hub, day ?? hub.clock().toISOString().slice(0, 10))
  const how = renew === 'timestamp' ? renewByTimestamp : renew === 'hash' ? renewByHash : undefined
  if (!how) throw new Unusable(`--renew ${renew}: timestamp, hash`)
  return async function* (hub) {
    yield* await how(hub, day)
  }
}

async function* archiveAll(hub: WiredHub, lastDay: string): AsyncGenerator<Archived> {
  for (;;) {
    const archived = await archiveNext(hub, lastDay)
    if (!archived) return
    yield archived
  }
}

function isDay(text: string): boolean {
  return (
    /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text)
  )
}

function say({ day, documents, damaged, until }: Archived): void {
  const left = damaged === 0 ? '' : `, ${damaged} endommagés, laissés de côté / damaged, left out`
  const before = until.toISOString().slice(0, 10)
  process.stdout.write(
    `${day}: ${documents} documents${left}, à renouveler avant le / to be renewed before ${before}\n`,
  )
}
