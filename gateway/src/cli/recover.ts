import { reasonOf } from '@socle/schemas'
import type { Command } from 'commander'
import { readConfig } from '../config.ts'
import { skipLost } from '../publish/skip-lost.ts'
import { acceptLoss } from '../record/accept-loss.ts'
import { rangeText } from '../record/continuity.ts'
import { compareWithWitnesses } from '../record/witness-round.ts'
import { readHead } from '../store/ledger-rows.ts'
import type { Range } from '../store/losses.ts'
import { wire, type WiredHub } from '../wire.ts'
import { exitCodes, Unusable } from './exit.ts'

interface RecoverOptions {
  readonly acceptLoss?: true
  readonly size?: string
}

/** Each lost number is taken by an entry of its own; what a witness says is not signed, and may be anything. */
const mostLost = 1_000_000

const help = `
Avant : toute autre copie de la base, tous les socles arrêtés (deploy/runbooks/ledger-behind.md).
Before: any other copy of the database, all hubs stopped (deploy/runbooks/ledger-behind.md).`

export function recoverCommand(program: Command): void {
  program
    .command('recover')
    .option('--accept-loss', 'go on without them: recorded in the log as lost, their numbers are not given again')
    .option('--size <n>', 'the log had at least this size: one more than the highest number on any receipt')
    .description(
      'say which entries were given out and are missing in the ledger, by HUB_DATA/last-checkpoint, the topics and the witnesses. ' +
        'Exit 0: none, or accepted; 1: some are missing',
    )
    .addHelpText('after', help)
    .action(async (options: RecoverOptions) => {
      const hub = await wire({ ...readConfig(process.env), logLevel: 'silent' })
      try {
        await recover(hub, options)
      } finally {
        await hub.close()
      }
    })
}

async function recover(hub: WiredHub, { acceptLoss: accepted, size }: RecoverOptions): Promise<void> {
  const missing = await missingOf(hub, size)
  if (!missing) return say('rien ne manque, à la connaissance du socle / nothing is missing as far as the hub can know')
  say(`entrées perdues / entries lost: ${rangeText(missing)} (${missing.to - missing.from})`)
  const head = (await readHead(hub.store.reader))?.size ?? 0
  if (missing.from < head) {
    say(
      `des numéros ont servi deux fois, jusqu’à ${head - 1} : un nouveau journal, voir backup.md / ` +
        `numbers were given twice, up to ${head - 1}: a new log, see backup.md`,
    )
  }
  if (missing.to - missing.from > mostLost) {
    say(
      'plus qu’un socle n’inscrit en des jours : un témoin se trompe peut-être, voir witness.md / ' +
        'more than a hub records in days: a witness may be wrong, see witness.md',
    )
  }
  if (!accepted || missing.from < head || missing.to - missing.from > mostLost) {
    process.exitCode = exitCodes.failed
    return
  }
  // The relay first: after a crash in between, the ledger is still behind and this is done again.
  await skipLost(hub, missing)
  const reached = await acceptLoss(hub, missing)
  say(`perte inscrite au journal, suite à partir de / loss recorded in the log, which goes on at ${reached}`)
}

async function missingOf(hub: WiredHub, size: string | undefined): Promise<Range | undefined> {
  try {
    await hub.continuity.compareWithBus()
  } catch (cause) {
    throw new Unusable(`Kafka ne répond pas / Kafka does not answer: ${reasonOf(cause)}`, { cause })
  }
  const silent = await compareWithWitnesses(hub, hub.stopping)
  if (silent.length > 0) say(`témoins qui n’ont pas cosigné / witnesses that did not cosign: ${silent.join(', ')}`)
  const { missing } = hub.continuity
  if (size === undefined) return missing
  if (!/^[1-9]\d{0,14}$/.test(size)) throw new Unusable(`--size ${size}: un nombre / a number`)
  const head = (await readHead(hub.store.reader))?.size ?? 0
  const to = Number(size)
  if (to <= head) return missing
  return { from: Math.min(head, missing?.from ?? head), to: Math.max(to, missing?.to ?? 0) }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
