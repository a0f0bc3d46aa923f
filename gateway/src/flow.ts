import { createHash } from 'node:crypto'
import type { Canonical, Examination } from '@socle/mappings'
import { type Finding, isAccepted, type Receipt } from '@socle/schemas'
import { type Caller, requireMandate, requireScope } from './authenticate/caller.ts'
import { deliverWebhooks } from './deliver/dispatcher.ts'
import { writeScopeOf } from './directory/scopes.ts'
import { HubError } from './errors.ts'
import type { Hub } from './hub.ts'
import { underLease } from './lease.ts'
import { consultationFindings } from './map/consultation.ts'
import { requestFindings } from './map/request.ts'
import { type Routing, routeOf } from './map/routing.ts'
import { canonicalOf } from './publish/canonical.ts'
import { relay, relayCursor } from './publish/relay.ts'
import { watchRelay } from './publish/stall.ts'
import { askKey, fingerprintOf } from './receive/idempotency.ts'
import type { Incoming } from './receive/incoming.ts'
import { documentStatement, refusalStatement } from './record/deposit.ts'
import { proveOutside } from './record/outside.ts'
import { firstReceipt, laterReceipt } from './record/receipt.ts'
import { record } from './record/record.ts'

/** `replayed`: the same key and bytes came before, this is the receipt of that time. */
export interface Accepted {
  readonly state: 'recorded' | 'refused' | 'replayed'
  readonly receipt: Receipt
  readonly findings: readonly Finding[]
}

/**
 * START HERE. The way of one document, in order: receive, authenticate (done by the route, which knows the token),
 * validate, map, record. When this returns, the document or its refusal is on disk and the receipt proves it.
 * What follows (publish, deliver, stamp, witness, archive) is done by `runLoops`, which read the ledger and own nothing else.
 * @throws HubError for every expected failure; then nothing was recorded.
 */
export async function accept(hub: Hub, caller: Caller, incoming: Incoming): Promise<Accepted> {
  requireScope(caller, writeScopeOf(incoming.kind))
  const sha256 = createHash('sha256').update(incoming.bytes).digest('hex')
  const fingerprint = fingerprintOf(incoming, sha256)
  hub.at('received')
  using key = await askKey(hub, caller.account, incoming.idempotencyKey, fingerprint)
  if (key.found === 'other') throw new HubError('KEY_REUSED')
  if (key.found === 'same') return await replay(hub, key.index)
  hub.continuity.requireWhole()
  hub.outage.requireTime(incoming.kind)

  const judged = await judge(hub, incoming)
  hub.at('validated')
  requireMandate(caller, judged.routing.buyer, judged.findings)
  const deposit = { caller, incoming, sha256, fingerprint, ...judged }
  const statement = judged.verdict === 'accepted' ? documentStatement(hub, deposit) : refusalStatement(hub, deposit)

  const sealed = await record(hub, statement)
  const { appended } = sealed
  if (appended.result === 'key-reused') throw new HubError('KEY_REUSED')
  if (appended.result === 'replayed') return await replay(hub, appended.index)
  const state = judged.verdict === 'accepted' ? 'recorded' : 'refused'
  if (judged.canonical) hub.canonicals.put(statement.envelope.id, judged.canonical, incoming.bytes.length)
  const [{ id }, { index }] = [statement.envelope, appended]
  hub.events.recorded({ state, kind: incoming.kind, account: caller.account, id, index, bytes: incoming.bytes.length })
  return { state, receipt: firstReceipt(sealed, appended), findings: judged.findings }
}

/** The receipt of the first time, to the byte. */
async function replay({ store }: Hub, index: number): Promise<Accepted> {
  return { state: 'replayed', receipt: await laterReceipt(store.reader, index), findings: [] }
}

/** Validation and routing, without recording anything: `?dryRun=true` ends here. */
export async function judge(
  hub: Pick<Hub, 'examiner' | 'store' | 'canonicals'>,
  incoming: Incoming,
): Promise<Judgement> {
  const examination = await hub.examiner.examine(incoming.bytes, incoming.kind)
  const routing = routeOf(examination, incoming.hints)
  const { reader } = hub.store
  const joined = await consultationFindings(reader, routing)
  const canonical = examination.records[0]?.canonical
  const asked = await requestFindings(reader, routing, canonical, async (held) => await canonicalOf(hub, held))
  const findings = [...examination.findings, ...routing.findings, ...joined, ...asked]
  return { examination, routing, canonical, findings, verdict: isAccepted(findings) ? 'accepted' : 'refused' }
}

/** The background of the hub until the signal: readers of the ledger, each with a cursor and in one replica at a time. */
export async function runLoops(hub: Hub, signal: AbortSignal): Promise<void> {
  await Promise.all([
    underLease(hub, relayCursor, signal, relay),
    watchRelay(hub, signal),
    underLease(hub, 'webhooks', signal, deliverWebhooks),
    proveOutside(hub, signal),
  ])
}

export interface Judgement {
  readonly examination: Examination
  readonly routing: Routing
  readonly canonical: Canonical | undefined
  readonly verdict: 'accepted' | 'refused'
  readonly findings: readonly Finding[]
}
