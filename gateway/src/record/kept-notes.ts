import { parseCheckpointText, parseNote, ProofError } from '@socle/schemas'
import type { Hub } from '../hub.ts'
import { createHeadFile } from './head-file.ts'
import { type KeptNote, readKeptNote } from './last-checkpoint.ts'
import { type Memory, memoryOf } from './later-log.ts'

/** What this hub's data directory remembers of its log. */
export interface KeptNotes {
  /** Hears the files. One that our key did not sign is reported and passed over. */
  compare(): Promise<void>
  /** Compare and set (`head-file.ts`). @returns false when our ledger does not go on from what the file says */
  reach(note: string): Promise<boolean>
  isOfOurLog(note: string): boolean
}

type Needs = Pick<Hub, 'config' | 'keys' | 'ledger' | 'store' | 'events'>

/** @param hear says whether something is missing by a memory */
export function createKeptNotes(hub: Needs, hear: (memory: Memory) => Promise<boolean>): KeptNotes {
  const { dataDirectory, logOrigin } = hub.config
  const log = { vkey: hub.keys.log.vkey, first: hub.ledger.first }
  const file = createHeadFile({ directory: dataDirectory, sizeOf: (note) => memoryIn(note) && sizeIn(note), judge })

  function isOfOurLog(note: string): boolean {
    return note.split('\n', 1)[0] === logOrigin
  }

  /** The memory of a kept note; undefined for another log's, and for one that our key did not sign. */
  function memoryIn(note: string): Memory | undefined {
    if (!isOfOurLog(note)) return undefined
    try {
      return memoryOf(hub.store.reader, note, log)
    } catch (error) {
      if (!(error instanceof ProofError)) throw error
      hub.events.failed('last-checkpoint', error)
      return undefined
    }
  }

  async function judge(note: string): Promise<boolean> {
    const memory = memoryIn(note)
    return !memory || !(await hear(memory))
  }

  return {
    async compare() {
      const names: readonly KeptNote[] = ['last-checkpoint', 'last-stamped']
      for (const name of names) {
        const note = await readKeptNote(dataDirectory, name)
        if (note !== undefined) await judge(note)
      }
    },
    async reach(note) {
      const size = sizeIn(note)
      return size === 0 || (await file.reach({ size, note }))
    },
    isOfOurLog,
  }
}

/** The log's own size, as its note says it. */
function sizeIn(note: string): number {
  return parseCheckpointText(parseNote(note).text).size
}
