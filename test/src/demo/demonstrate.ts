import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Deposit, HubClient } from '@socle/connectors'
import { keyFor } from '@socle/connectors'
import type { Finding } from '@socle/schemas'
import { consultation, faultyAward, notXml, theAward, theNotice, theResponse } from './documents.ts'
import { erased, isGone } from './erasure.ts'
import type { HubProgram } from './hub-program.ts'
import { inventory, keepAll, type Sent } from './keep.ts'
import { makeAccounts, type Parties, startParties } from './parties.ts'
import { line, tellFindings, tellReceipt, tellTimeline, title } from './story.ts'

/** Awards sent while the hub is killed. */
const crowd = 24

/**
 * The main job, from a notice to the proof: a hub and three parties, deposits good and bad, a SIGKILL in the middle, and
 * everything verified offline at the end. Gives the exit code: 0 when every promise was kept.
 */
export async function demonstrate(hub: HubProgram, work: string, out: string): Promise<number> {
  const accounts = makeAccounts(hub)
  title(`The hub starts: ${hub.url} (${hub.description})`)
  await hub.start()
  try {
    const sent: Sent[] = []
    let gone: Sent | undefined
    {
      await using parties = await startParties(hub, accounts, join(work, 'parties'))
      await deposits(parties.publisherClient, sent)
      await killed(hub, parties.publisherClient, sent)
      await delivered(parties, sent)
      await hub.more?.(sent)
      title(`The consultation ${consultation}, step by step`)
      tellTimeline((await parties.publisherClient.consultationTimeline(consultation)).slice(0, 4))
      await keepAll(out, sent, parties.archiveClient)
      gone = await erased(hub, parties, sent, out)
    }
    await hub.stop()
    const isWiped = hub.dataDirectory === undefined || isGone(hub.dataDirectory, gone)
    return isWiped ? audit(hub, out) : 1
  } finally {
    await hub.stop()
  }
}

async function deposits(client: HubClient, sent: Sent[]): Promise<void> {
  title('Profile A deposits')
  const named: readonly (readonly [string, Deposit])[] = [
    ['notice (eForms, subtype 16)', theNotice()],
    ['e-DUME response (ESPD 4.1.0)', theResponse()],
    ['award (DECP 2.0.4)', theAward()],
    ['the same award again', theAward()],
  ]
  for (const [what, deposit] of named) {
    const submission = await submit(client, deposit)
    tellReceipt(
      what,
      submission.receipt,
      submission.state === 'accepted' && submission.replayed ? ' (the same receipt)' : '',
    )
    if (!sent.some(({ receipt }) => receipt.id === submission.receipt.id))
      sent.push({ bytes: deposit.bytes, receipt: submission.receipt })
  }
  const refused: readonly (readonly [string, Deposit])[] = [
    ['award with several faults', faultyAward()],
    ['not XML at all', notXml()],
  ]
  const reports: (readonly [string, readonly Finding[]])[] = []
  for (const [what, deposit] of refused) {
    const submission = await submit(client, deposit)
    tellReceipt(what, submission.receipt)
    sent.push({ bytes: deposit.bytes, receipt: submission.receipt })
    if (submission.state === 'refused') reports.push([what, submission.findings])
  }
  for (const [what, findings] of reports) {
    title(`Why "${what}" was refused: every finding`)
    tellFindings(findings)
  }
}

/** A crowd of deposits, a SIGKILL among them, a new start: each ends recorded once, under the key it had from the first. */
async function killed(hub: HubProgram, client: HubClient, sent: Sent[]): Promise<void> {
  title(`SIGKILL to ${hub.victim} while ${crowd} awards are on their way, then a new start`)
  const acknowledged = new Set<string>()
  const all = Array.from({ length: crowd }, async (_, i) => {
    await sleep(i * 15)
    const deposit = theAward(`2026-1${String(i).padStart(3, '0')}`)
    const submission = await submit(client, deposit)
    acknowledged.add(submission.receipt.id)
    return { bytes: deposit.bytes, receipt: submission.receipt }
  })
  while (acknowledged.size < crowd / 4) await sleep(2)
  const before = acknowledged.size
  await hub.kill()
  line(`${hub.victim} killed after ${before} acknowledgements`)
  await hub.start()
  const recorded = await Promise.all(all)
  sent.push(...recorded)
  const places = new Set(recorded.map(({ receipt }) => receipt.proof.index))
  if (places.size !== crowd) throw new Error(`${crowd} awards were sent, ${places.size} are in the log`)
  line(`started again: ${crowd} receipts, ${places.size} places in the log, none twice`)
}

async function submit(client: HubClient, { kind, bytes, ...rest }: Deposit): ReturnType<HubClient['submit']> {
  return await client.submit(kind, bytes, { ...rest, key: rest.key ?? keyFor(kind, bytes) })
}

/** Until profile B shows everything public, the archive has everything, and an outside clock has spoken. */
async function delivered(parties: Parties, sent: readonly Sent[]): Promise<void> {
  title('Profile B publishes what it received by webhook, the archive pulls the feed')
  const recorded = sent.filter(({ receipt }) => receipt.state === 'recorded')
  const open = recorded.filter(({ receipt }) => receipt.envelope.type !== 'dume-response')
  for (let tries = 0; ; tries++) {
    const published = (await parties.other.published()).length
    const waiting = await unfinished(parties.archiveClient, recorded)
    if (published === open.length && waiting === 0) break
    if (tries > 600)
      throw new Error(
        `after a minute ${published} of ${open.length} are published and ${waiting} are not archived or stamped`,
      )
    await sleep(100)
  }
  line(
    `B shows ${open.length} documents at ${parties.other.url}; the e-DUME response is not among them: it is for its buyer alone`,
  )
  line(`the archive holds ${recorded.length} documents with their evidence`)
}

async function unfinished(client: HubClient, recorded: readonly Sent[]): Promise<number> {
  let waiting = 0
  for (const { receipt } of recorded) {
    const steps = await client.timeline(receipt.id)
    const archived = steps.some(({ state, result }) => state === 'concluded' && result === 'archived')
    const stamped = steps.some(({ state }) => state === 'timestamped')
    if (!archived || !stamped) waiting += 1
    if (waiting > 0) break
  }
  return waiting
}

/** The hub is stopped: what follows needs neither it nor a network. */
function audit(hub: HubProgram, out: string): number {
  title('The hub is stopped. Its log is exported, and everything is verified offline')
  const exported = hub.run(['export', '--log', out, '--stamp'])
  line(exported.output.trim())
  const verified = hub.run(['verify', out, '--lang', 'en'])
  const lines = verified.output.trimEnd().split('\n')
  for (const text of lines.slice(-14)) line(text)
  line(`${inventory(out)} in ${out}`)
  const kept = exported.status === 0 && verified.status === 0
  title(kept ? 'Proved: every document, receipt, container, the log and its time.' : 'NOT PROVED')
  return kept ? 0 : 1
}
