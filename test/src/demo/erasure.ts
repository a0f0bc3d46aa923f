import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { HubProgram } from './hub-program.ts'
import type { Sent } from './keep.ts'
import type { Parties } from './parties.ts'
import { line, title } from './story.ts'

const decision = 'RGPD-2026/1'

/** One document is erased by a decision: whoever has it is told, and what remains proves that it was there. */
export async function erased(hub: HubProgram, parties: Parties, sent: readonly Sent[], out: string): Promise<Sent> {
  const gone = sent.findLast(({ receipt }) => receipt.state === 'recorded')
  if (!gone) throw new Error('nothing was recorded')
  const { id } = gone.receipt
  title(`The operator erases one award, by decision ${decision}`)
  const { status, output } = hub.run(['erase', id, '--decision', decision])
  for (const text of output.trim().split('\n')) line(text)
  if (status !== 0) throw new Error('it was not erased')
  for (let tries = 0; (await parties.other.published()).includes(id); tries++) {
    if (tries > 300) throw new Error('profile B was not told of the erasure')
    await sleep(100)
  }
  line('B took its page away: it was told by an event of its own')
  const steps = await parties.publisherClient.timeline(id)
  line(`its way ends with: ${steps.at(-1)?.state ?? ''}`)
  writeFileSync(join(out, 'evidence', `${id}-erased.asice`), await parties.archiveClient.evidence(id))
  return gone
}

/** Whether anything of the document stands in a file of the hub's data; the hub is stopped. */
export function isGone(directory: string, { bytes, receipt }: Sent): boolean {
  // Not its digest: the parties put that in their idempotency keys, which stay.
  const secrets = [receipt.salt, receipt.seal.signature].map((text) => Buffer.from(text, 'base64'))
  const traces = [Buffer.from(bytes), ...secrets]
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const found = files.filter(({ parentPath, name }) => {
    const content = readFileSync(join(parentPath, name))
    return traces.some((trace) => content.includes(trace))
  })
  line(
    found.length === 0
      ? `nothing of it is left in the ${files.length} files of the data directory: bytes, salt, seal`
      : `it still stands in ${found.map(({ name }) => name).join(', ')}`,
  )
  return found.length === 0
}
