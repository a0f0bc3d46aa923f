import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { HubClient } from '@socle/connectors'
import { formatTlogProof, type Receipt } from '@socle/schemas'

/** One document as its sender knows it: what was sent and what came back. */
export interface Sent {
  readonly bytes: Uint8Array
  readonly receipt: Receipt
}

/**
 * Leaves everything an auditor needs: receipts, the same proofs in the C2SP form with their leaf beside, the documents as
 * they were sent, and the evidence container of each.
 */
export async function keepAll(out: string, sent: readonly Sent[], client: Pick<HubClient, 'evidence'>): Promise<void> {
  for (const folder of ['receipts', 'documents', 'evidence']) mkdirSync(join(out, folder), { recursive: true })
  for (const { bytes, receipt } of sent) {
    const { id, proof, checkpoint, leaf, envelope } = receipt
    writeFileSync(join(out, 'receipts', `${id}.json`), `${JSON.stringify(receipt, undefined, 2)}\n`)
    writeFileSync(
      join(out, 'receipts', `${id}.tlog-proof`),
      formatTlogProof({ index: proof.index, path: proof.path, checkpoint }),
    )
    writeFileSync(join(out, 'receipts', `${id}.leaf`), leaf)
    if (receipt.state !== 'recorded') continue
    const extension = envelope.content?.name.split('.').pop() ?? 'bin'
    writeFileSync(join(out, 'documents', `${id}.${extension}`), bytes)
    writeFileSync(join(out, 'evidence', `${id}.asice`), await client.evidence(id))
  }
}

/** Files of a directory, with the size of the whole, to say what was left where. */
export function inventory(out: string): string {
  const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const bytes = files.reduce((sum, file) => sum + readFileSync(join(file.parentPath, file.name)).length, 0)
  return `${files.length} files, ${Math.round(bytes / 1024)} KiB`
}
