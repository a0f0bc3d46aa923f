import { parseCheckpointText, parseNote } from '@socle/schemas'
import type { Command } from 'commander'
import { readConfig } from '../config.ts'
import { openNextLogKey } from '../keys/log-key.ts'
import { readHead } from '../store/ledger-rows.ts'
import { readShards } from '../store/shards.ts'
import type { WiredHub } from '../wire.ts'
import { withHub } from './operator-hub.ts'

export function shardCommand(program: Command): void {
  program
    .command('shard')
    .option('--to <origin>', 'end the log and begin the next one under this name, with a key of its own')
    .option('--prepare', 'only make or check the key of the next log and the public line that verifiers need')
    .description('the logs of the ledger; hand over to the next half-year (deploy/runbooks/shard.md)')
    .action(async ({ to, prepare }: { readonly to?: string; readonly prepare?: true }) => {
      await withHub(async (hub) => {
        if (to === undefined) return await list(hub)
        // A name that the hub could not be started with must not begin a log.
        readConfig({ ...process.env, HUB_LOG_ORIGIN: to })
        await handOverTo(hub, to, prepare === true)
      })
    })
}

/**
 * The same command again after a crash is harmless: before the commit nothing happened, and after it the hub, restarted
 * under the new name, says that it is done.
 */
async function handOverTo(hub: WiredHub, origin: string, isRehearsal: boolean): Promise<void> {
  if (hub.keys.log.origin === origin) return say(`déjà fait / already done: ${origin}`)
  const { keysDirectory, environment } = hub.config
  const { logKey, vkey } = openNextLogKey(keysDirectory, origin, environment)
  say(vkey)
  if (isRehearsal) return
  hub.continuity.requireWhole()
  const made = (): { id: string; salt: Uint8Array } => ({ id: hub.newId(), salt: hub.randomBytes(16) })
  const at = hub.clock().toISOString()
  const done = await hub.store.handOver({ origin, logKey, environment, at, end: made(), start: made() })
  const { origin: old, size } = parseCheckpointText(parseNote(done.ended).text)
  say(`clos / ended: ${old}, ${size} entries`)
  say(`commencé / begun: ${origin}, at number ${done.first} of the ledger`)
  say(`Redémarrez chaque réplica / restart each replica: HUB_LOG_ORIGIN=${origin}`)
}

async function list({ store, keys }: WiredHub): Promise<void> {
  const shards = await readShards(store.reader)
  const size = (await readHead(store.reader))?.size ?? 0
  const only = { shard: 0, origin: keys.log.origin, first: 0, end: undefined }
  for (const { shard, origin, first, end } of shards.length === 0 ? [only] : shards)
    say(
      `${shard} ${origin}: ${(end ?? size) - first} entries from number ${first}${end === undefined ? ', goes on' : ''}`,
    )
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
