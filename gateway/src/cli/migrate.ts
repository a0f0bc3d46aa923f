import { createPrivateKey, createPublicKey } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { makeVkey, parseTrust, parseVkey } from '@socle/schemas'
import type { Command } from 'commander'
import { asOwner, updateSchema } from '../adapters/postgres-schema.ts'
import { claimDirectory } from '../adapters/sqlite-claim.ts'
import { openDatabase } from '../adapters/sqlite-database.ts'
import { kyselyOver } from '../adapters/sqlite-dialect.ts'
import { type Config, readConfig } from '../config.ts'
import { ownKeyFile } from '../keys/log-key.ts'
import { parseStorageKey } from '../keys/storage-key.ts'
import type { LedgerKeys } from '../migrate/check-ledger.ts'
import { LedgerDamagedError } from '../migrate/damaged.ts'
import { type Moved, moveLedger, NotEmptyError } from '../migrate/move-ledger.ts'
import { ledgerFile } from '../start-checks.ts'
import type { Reader } from '../store/database.ts'
import { readHead } from '../store/ledger-rows.ts'
import { readShards } from '../store/shards.ts'
import { migrate } from '../store/migrate.ts'
import { createVault } from '../store/vault.ts'
import { Unusable } from './exit.ts'

interface MigrateOptions {
  readonly from?: string
  readonly hubRole?: string
  readonly readerRole?: string
}

const help = `
Rôles, une fois, par qui administre PostgreSQL / roles, once, by whoever administers PostgreSQL:
  create role socle_owner login password '…';
  create role socle_hub login password '…';
  create role socle_reader login password '…';
  create database socle owner socle_owner template template0 encoding 'UTF8';
HUB_STORE_MIGRATION_URL names socle_owner, HUB_STORE_URL socle_hub.`

export function migrateCommand(program: Command): void {
  program
    .command('migrate')
    .option('--from <dir>', 'HUB_DATA of a stopped embedded hub: moves its whole ledger here, which must be empty')
    .option('--hub-role <name>', 'role of the hub (default: the one of HUB_STORE_URL)')
    .option('--reader-role <name>', 'a role that reads everything but secrets')
    .description(
      'bring the schema of PostgreSQL up to date (HUB_STORE_URL, HUB_STORE_MIGRATION_URL), give the roles their rights',
    )
    .addHelpText('after', help)
    .action(async ({ from, hubRole, readerRole }: MigrateOptions) => {
      const config = readConfig(process.env)
      const { postgres } = config.servers
      if (!postgres) throw new Unusable('HUB_STORE_URL manque / HUB_STORE_URL is not set')
      const roles = { hubRole: hubRole ?? decodeURIComponent(new URL(postgres.url).username), readerRole }
      await asOwner(postgres.migrationUrl ?? postgres.url, async (owner) => {
        const done = await updateSchema(owner, roles)
        say(done.length === 0 ? 'schéma à jour / schema up to date' : `schéma / schema: ${done.join(', ')}`)
        if (from !== undefined) tell(await moveFrom(resolve(from), owner, config))
      })
    })
}

/** Nobody serves from the directory meanwhile: its lock is ours. */
async function moveFrom(directory: string, owner: Reader, config: Config): Promise<Moved> {
  const file = join(directory, ledgerFile)
  if (!existsSync(file)) throw new Unusable(`${file} n'existe pas / does not exist`)
  const release = claimDirectory(join(directory, 'serving.lock'))
  const from = kyselyOver(openDatabase(file))
  try {
    await migrate(from, 'sqlite')
    return await moveLedger({ from, to: owner, ...(await keysOf(from, directory, config)) })
  } catch (error) {
    throw explained(error, directory)
  } finally {
    await from.destroy()
    release()
  }
}

/** The keys beside the ledger; the log's under the name that the ledger has. */
async function keysOf(from: Reader, directory: string, { keysDirectory }: Config): Promise<LedgerKeys> {
  const places = [join(directory, 'keys'), keysDirectory]
  const placeOf = (name: string): string | undefined =>
    places.map((place) => join(place, name)).find((path) => existsSync(path))
  const read = (name: string): string => {
    const file = placeOf(name)
    if (file === undefined) throw new Unusable(`${name} manque / is missing: ${places.join(', ')}`)
    return readFileSync(file, 'utf8')
  }
  const origin = (await readHead(from))?.checkpoint.split('\n', 1)[0]
  if (origin === undefined) throw new Unusable('le journal est vide / the log is empty')
  const own = ownKeyFile(origin)
  const pem = placeOf(own) === undefined ? read('log.key') : read(own)
  const logKey = parseVkey(makeVkey(origin, createPublicKey(createPrivateKey(pem))))
  // Those of the logs before it: without them nobody could tell whether they are whole.
  const shards = await readShards(from)
  const published = shards.length === 0 ? [] : parseTrust({ logVkey: read('trust/log.vkey') }).logs
  const earlier = published.filter(({ name }) => name !== origin)
  return { logKeys: [logKey, ...earlier], vault: createVault(parseStorageKey(read('storage.key'))) }
}

function explained(error: unknown, directory: string): unknown {
  if (error instanceof LedgerDamagedError)
    return new LedgerDamagedError(
      `Rien n'a été copié : le registre n'est pas tel qu'il a été enregistré (${directory}). / Nothing was copied: the ledger is not as it was recorded: ${error.message}`,
      { cause: error },
    )
  if (error instanceof NotEmptyError)
    return new Unusable(
      `Rien n'a été copié : la base n'est pas vide. / Nothing was copied: the database is not empty: ${error.message}`,
      { cause: error },
    )
  return error
}

function tell({ ledger, tables }: Moved): void {
  const { size, root, checkpoints, documents } = ledger
  say(`journal / log: ${size} entries, root ${root}`)
  say(`vérifié avant et après / checked before and after: ${checkpoints} checkpoints, ${documents} documents`)
  for (const { table, rows } of tables) say(`${table}: ${rows} rows, the same digest`)
  say('le répertoire ne prend plus d’entrées / the directory takes no more entries')
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
