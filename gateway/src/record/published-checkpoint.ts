import type { Config } from '../config.ts'
import type { Hub } from '../hub.ts'
import { cosignedNote } from '../store/cosignatures.ts'
import { readHead } from '../store/ledger-rows.ts'

/**
 * The head as everybody may see it, with the cosignatures there are; undefined of an empty log. A ledger that is behind
 * shows what it has: whoever knows more sees that it is less.
 * @throws Error when the head cannot be kept apart from the store, which comes first
 */
export async function publishedCheckpoint(hub: Pick<Hub, 'store' | 'continuity'>): Promise<string | undefined> {
  const head = await readHead(hub.store.reader)
  if (!head) return undefined
  try {
    if (!hub.continuity.missing) await hub.continuity.publishing(head.checkpoint)
  } catch (error) {
    if (!hub.continuity.missing) throw error
  }
  return (await cosignedNote(hub.store.reader, head.size)) ?? head.checkpoint
}

/** Whom verifiers may ask a quorum of, as a C2SP tlog-policy: for the file `witnesses` of a trust directory. */
export function witnessPolicy(logVkey: string, { servers: { watch } }: Config): string | undefined {
  if (watch.witnesses.length === 0) return undefined
  const names = watch.witnesses.map((_, at) => `w${at + 1}`)
  const witnesses = watch.witnesses.map(({ vkey }, at) => `witness ${names[at]} ${vkey}`)
  const logs = logVkey.split('\n').filter((line) => line.trim() !== '')
  const group = `group watching ${watch.quorum} ${names.join(' ')}`
  return `${[...logs.map((vkey) => `log ${vkey.trim()}`), ...witnesses, group, 'quorum watching'].join('\n')}\n`
}
