import type { Hub } from '../hub.ts'
import { underLease } from '../lease.ts'
import { archiveDays } from './evidence-record-loop.ts'
import { stampCheckpoints } from './stamper.ts'
import { gatherCosignatures } from './witness-loop.ts'

/** Has others speak for the log until the signal: clocks of when and of each day, witnesses of which. */
export async function proveOutside(hub: Hub, signal: AbortSignal): Promise<void> {
  await Promise.all([
    underLease(hub, 'stamper', signal, stampCheckpoints),
    underLease(hub, 'archive', signal, archiveDays),
    gatherCosignatures(hub, signal),
  ])
}
