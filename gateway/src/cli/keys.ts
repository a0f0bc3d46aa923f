import { certificateId, type KeyRecord } from '@socle/schemas'
import type { Command } from 'commander'
import { readCertified } from '../keys/certified-key.ts'
import { placeSealNext } from '../keys/key-store.ts'
import {
  announceSeal,
  currentSeal,
  leastNoticeMs,
  requireBelieved,
  revocationReasons,
  revokeKey,
} from '../record/change-keys.ts'
import { keyRecords, signedKeyList } from '../record/key-list.ts'
import { requireSeal } from '../sealing.ts'
import { sealPassphraseOf } from '../start-checks.ts'
import type { WiredHub } from '../wire.ts'
import { exitCodes, Unusable } from './exit.ts'
import { withHub } from './operator-hub.ts'

const dayMs = 86_400_000

/** What an operator does with keys: look, change the seal, say that one no longer counts. */
export function keysCommands(program: Command): void {
  const keys = program
    .command('keys')
    .description('keys of the hub: list, check, rotate, revoke (deploy/runbooks/keys.md)')
  keys
    .command('list')
    .option('--note', 'the signed list itself, as /log/keys.note gives it')
    .description('every key ever used: from when to when, replaced by which, revoked since when and why')
    .action(async ({ note }: { readonly note?: true }) => {
      await withHub(async (hub) => {
        if (note) process.stdout.write(await signedKeyList(hub))
        else for (const record of await keyRecords(hub)) say(lineOf(record))
      })
    })
  keys
    .command('check')
    .description('whether documents can be sealed now, until when, and what is there to take over. Exit 0: yes; 1: no')
    .action(async () => await withHub(check))
  keys
    .command('rotate')
    .argument('<purpose>', 'seal')
    .option(
      '--from <file>',
      'key and certificates (PEM, or PKCS#12 as .p12); default: seal-next.* of the key directory',
    )
    .option('--at <instant>', `when it takes over; default: in ${leastNoticeMs / 1_000} seconds, the earliest`)
    .description('say in the log that another key seals from an instant on; all replicas change then')
    .action(async (purpose: string, options: { readonly from?: string; readonly at?: string }) => {
      if (purpose !== 'seal') throw new Unusable(`${purpose}: seal`)
      await withHub(async (hub) => await rotate(hub, options))
    })
  keys
    .command('revoke')
    .argument('<sha256>', 'of the certificate, as `socle keys list` gives it')
    .requiredOption('--reason <word>', revocationReasons.join(', '))
    .option('--since <instant>', 'what is not proved to be older no longer counts; default: now')
    .description('say in the log that a key no longer counts; a running hub stops sealing under it within ten seconds')
    .action(async (sha256: string, options: { readonly reason: string; readonly since?: string }) => {
      if (!revocationReasons.some((reason) => reason === options.reason))
        throw new Unusable(`--reason ${options.reason}: ${revocationReasons.join(', ')}`)
      await withHub(async (hub) => {
        const since = options.since === undefined ? hub.clock() : instantOf('--since', options.since)
        await usable(async () => await revokeKey(hub, sha256.toLowerCase(), { ...options, since }))
        say(`révoquée au / revoked as of ${since.toISOString()}: ${sha256}`)
        say('publiez / publish: /log/keys.note')
      })
    })
}

async function check(hub: WiredHub): Promise<void> {
  const now = hub.clock()
  const { certificate, until, listUntil, refusal } = hub.sealer.state(now)
  const days = (date: Date): string =>
    `${date.toISOString()} (${Math.floor((date.getTime() - now.getTime()) / dayMs)} j / d)`
  say(`cachet / seal: ${certificate}`)
  if (until) say(`  valable jusqu’au / valid until: ${days(until)}`)
  if (listUntil) say(`  liste de révocation jusqu’au / revocation list until: ${days(listUntil)}`)
  const next = hub.keys.sealNext
  if (next) {
    const { from, to } = next.validity
    say(`suivant / next: ${certificateId(next.certificate)}, ${from.toISOString()} … ${to.toISOString()}`)
  }
  try {
    await requireSeal(hub)
    say('scelle / seals')
  } catch (error) {
    say(
      error instanceof Error && refusal === undefined
        ? error.message
        : `${refusal?.code ?? ''}: ${refusal?.reason ?? ''}`,
    )
    process.exitCode = exitCodes.failed
  }
}

async function rotate(hub: WiredHub, { from, at }: { readonly from?: string; readonly at?: string }): Promise<void> {
  const start = at === undefined ? new Date(hub.clock().getTime() + leastNoticeMs + 1_000) : instantOf('--at', at)
  const replaced = await currentSeal(hub)
  const lost =
    from === undefined && hub.keys.sealNext === undefined && certificateId(hub.keys.seal.certificate) !== replaced
  // After the loss of a key the new one stands in its place already.
  const passphrase = sealPassphraseOf(hub.config)
  const place = { current: hub.keys.seal, source: from, passphrase }
  // Before any file is written.
  const offered = from === undefined ? hub.keys.sealNext : readCertified(from, 'seal', passphrase)
  if (offered) await usable(() => requireBelieved(hub, offered))
  const next = lost ? hub.keys.seal : placeSealNext(hub.config.keysDirectory, place)
  await usable(async () => await announceSeal(hub, next, start))
  say(`cachet / seal: ${certificateId(next.certificate)}`)
  say(`à partir du / from: ${start.toISOString()}, à la place de / instead of ${replaced}`)
  say(
    'placez seal-next dans chaque réplique, publiez / put seal-next on each replica, publish: /log/keys.note, seal-ca.pem',
  )
}

/** What the hub will not do is an unusable request, not a fault. */
async function usable(work: () => Promise<void> | void): Promise<void> {
  try {
    await work()
  } catch (error) {
    throw error instanceof RangeError ? new Unusable(error.message, { cause: error }) : error
  }
}

function instantOf(option: string, text: string): Date {
  const date = new Date(text)
  if (!/^\d{4}-\d{2}-\d{2}T.*(?:Z|[+-]\d{2}:\d{2})$/.test(text) || Number.isNaN(date.getTime()))
    throw new Unusable(`${option} ${text}: 2027-01-01T00:00:00Z`)
  return date
}

function lineOf({ purpose, id, from, to, replacedBy, revokedAt, reason }: KeyRecord): string {
  const parts = [
    purpose.padEnd(9),
    id,
    `${from ?? ''} … ${to ?? ''}`,
    ...(replacedBy === undefined ? [] : [`remplacée par / replaced by ${replacedBy}`]),
    ...(revokedAt === undefined ? [] : [`révoquée au / revoked as of ${revokedAt} (${reason ?? ''})`]),
  ]
  return parts.join('  ')
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
