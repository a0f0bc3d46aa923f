import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { writeTiles } from '../audit/export-log.ts'
import { timesFile } from '../audit/logged-times.ts'
import { shardFile } from '../audit/shard-entries.ts'
import { signedKeyList } from '../record/key-list.ts'
import { stampNow } from '../record/stamper.ts'
import { readLeaves } from '../record/tree-reader.ts'
import { cosignedNote } from '../store/cosignatures.ts'
import type { Reader } from '../store/database.ts'
import { firstLog, readShards, type Shard } from '../store/shards.ts'
import type { WiredHub } from '../wire.ts'
import { Unusable } from './exit.ts'
import { writeShardEntries, writeTimes } from './export-times.ts'
import { withHub } from './operator-hub.ts'

export function exportCommand(program: Command): void {
  program
    .command('export')
    .requiredOption(
      '--log <dir>',
      'directory to write log/, log.vkey, seal-ca.pem, tsa-ca.pem, keys.note, checkpoint.tsr, timestamps.ndjson in',
    )
    .option('--stamp', 'have the head stamped first')
    .option(
      '--shard <which>',
      'number of a log in the ledger, or all: each in a directory of its own; default: the last',
    )
    .description('the log as static files that any web server can serve and any tlog verifier can check')
    .action(async (options: ExportOptions) => {
      await withHub(async (hub) => {
        if (options.stamp) await stampNow(hub)
        for (const { log, directory } of await asked(hub, options)) await exportLog(hub, log, directory)
      })
    })
}

interface ExportOptions {
  readonly log: string
  readonly stamp?: true
  readonly shard?: string
}

/** Which logs, and where to. */
async function asked(
  { store }: Pick<WiredHub, 'store'>,
  { log: directory, shard = 'last' }: ExportOptions,
): Promise<readonly { readonly log: Pick<Shard, 'first' | 'end'>; readonly directory: string }[]> {
  const known = await readShards(store.reader)
  const logs = known.length === 0 ? [{ ...firstLog, end: undefined }] : known
  if (shard === 'all') return logs.map((log) => ({ log, directory: join(directory, String(log.shard)) }))
  const log = shard === 'last' ? logs.at(-1) : logs.find(({ shard: number }) => String(number) === shard)
  if (!log) throw new Unusable(`--shard ${shard}: 0..${logs.length - 1}, all`)
  return [{ log, directory }]
}

async function exportLog(hub: WiredHub, { first, end }: Pick<Shard, 'first' | 'end'>, to: string): Promise<void> {
  const { reader } = hub.store
  const head = await lastCheckpoint(reader, { first, end })
  if (!head) throw new Unusable('the log is empty')
  mkdirSync(to, { recursive: true })
  await writeTiles(join(to, 'log'), {
    size: head.size - first,
    checkpoint: (await cosignedNote(reader, head.size)) ?? head.note,
    readLeaves: async (from, upTo) => await readLeaves(reader, first + from, first + upTo),
  })
  const { logVkey, tsaCa } = hub.keys.trust
  writeFileSync(join(to, 'log.vkey'), logVkey)
  writeFileSync(join(to, 'seal-ca.pem'), hub.sealer.authorities())
  writeFileSync(join(to, 'tsa-ca.pem'), tsaCa)
  writeFileSync(join(to, 'keys.note'), await signedKeyList(hub))
  await writeTimes(reader, join(to, timesFile), { first, end: head.size })
  await writeShardEntries(reader, join(to, shardFile), { first, end: head.size })
  if (head.token) writeFileSync(join(to, 'checkpoint.tsr'), head.token)
  process.stdout.write(`${head.size - first} entries, ${head.token ? 'stamped' : 'not stamped yet'}: ${to}\n`)
}

/**
 * Of a log that ended, its last checkpoint: whatever is missing under an earlier one would be missing for ever. Of the one
 * that goes on, the last stamped one, so that what is exported has an outside time; without any, the last one.
 */
async function lastCheckpoint(
  reader: Reader,
  { first, end }: Pick<Shard, 'first' | 'end'>,
): Promise<{ size: number; note: string; token: Uint8Array | null } | undefined> {
  const columns = ['size', 'note', 'token'] as const
  const all = reader.selectFrom('checkpoints').select(columns).where('size', '>', first)
  if (end !== undefined) return await all.where('size', '=', end).executeTakeFirst()
  const query = all.orderBy('size', 'desc').limit(1)
  return (await query.where('token', 'is not', null).executeTakeFirst()) ?? (await query.executeTakeFirst())
}
