import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { writeTiles } from '../audit/export-log.ts'
import { timesFile } from '../audit/logged-times.ts'
import { signedKeyList } from '../record/key-list.ts'
import { stampNow } from '../record/stamper.ts'
import { readLeaves } from '../record/tree-reader.ts'
import type { Reader } from '../store/database.ts'
import { Unusable } from './exit.ts'
import { writeTimes } from './export-times.ts'
import { withHub } from './operator-hub.ts'

export function exportCommand(program: Command): void {
  program
    .command('export')
    .requiredOption(
      '--log <dir>',
      'directory to write log/, log.vkey, seal-ca.pem, tsa-ca.pem, keys.note, checkpoint.tsr, timestamps.ndjson in',
    )
    .option('--stamp', 'have the head stamped first')
    .description('the log as static files that any web server can serve and any tlog verifier can check')
    .action(async (options: { readonly log: string; readonly stamp?: true }) => {
      await withHub(async (hub) => {
        if (options.stamp) await stampNow(hub)
        const { reader } = hub.store
        const head = await lastCheckpoint(reader)
        if (!head) throw new Unusable('the log is empty')
        mkdirSync(options.log, { recursive: true })
        await writeTiles(join(options.log, 'log'), {
          size: head.size,
          checkpoint: head.note,
          readLeaves: async (from, to) => await readLeaves(reader, from, to),
        })
        const { logVkey, sealCa, tsaCa } = hub.keys.trust
        writeFileSync(join(options.log, 'log.vkey'), logVkey)
        writeFileSync(join(options.log, 'seal-ca.pem'), sealCa)
        writeFileSync(join(options.log, 'tsa-ca.pem'), tsaCa)
        writeFileSync(join(options.log, 'keys.note'), signedKeyList(hub))
        await writeTimes(reader, join(options.log, timesFile), head.size)
        if (head.token) writeFileSync(join(options.log, 'checkpoint.tsr'), head.token)
        process.stdout.write(`${head.size} entries, ${head.token ? 'stamped' : 'not stamped yet'}: ${options.log}\n`)
      })
    })
}

/** The last stamped checkpoint, so that what is exported has an outside time; without any, the last one. */
async function lastCheckpoint(
  reader: Reader,
): Promise<{ size: number; note: string; token: Uint8Array | null } | undefined> {
  const columns = ['size', 'note', 'token'] as const
  const query = reader.selectFrom('checkpoints').select(columns).orderBy('size', 'desc').limit(1)
  return (await query.where('token', 'is not', null).executeTakeFirst()) ?? (await query.executeTakeFirst())
}
