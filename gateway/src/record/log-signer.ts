import type { KeyObject } from 'node:crypto'
import { createPublicKey } from 'node:crypto'
import {
  type Checkpoint,
  makeVkey,
  openCheckpoint,
  parseNote,
  parseVkey,
  reasonOf,
  signCheckpoint,
} from '@socle/schemas'
import { ForeignLogError, StoreDamagedError } from './ledger-errors.ts'

/** One log: its name and its key. */
export interface LogSettings {
  readonly origin: string
  /** Ed25519 */
  readonly logKey: KeyObject
}

/** Signs the heads of one log and knows them again. Sizes are the log's own. */
export interface LogSigner {
  readonly origin: string
  readonly vkey: string
  /** The whole signed note. */
  sign(size: number, root: Uint8Array): string
  /**
   * The head that a note states, once our key is known to have signed it. A note that was looked at or signed here a
   * moment ago costs nothing: a replica that is alone verifies each signature never, and its own bytes always.
   * @throws ForeignLogError of another name or key; StoreDamagedError when it is ours and not as it was signed
   */
  open(note: string): Checkpoint
}

export function createLogSigner({ origin, logKey }: LogSettings): LogSigner {
  const vkey = makeVkey(origin, createPublicKey(logKey))
  const verifier = parseVkey(vkey)
  let known: { readonly note: string; readonly head: Checkpoint } | undefined
  return {
    origin,
    vkey,
    sign(size, root) {
      const note = signCheckpoint({ name: origin, privateKey: logKey }, { size, root })
      known = { note, head: { origin, size, root } }
      return note
    },
    open(note) {
      if (known?.note === note) return known.head
      try {
        known = { note, head: openCheckpoint(note, [verifier]) }
        return known.head
      } catch (cause) {
        if (isOurs(note, origin, verifier.keyId))
          throw new StoreDamagedError(`the last checkpoint is not as it was signed: ${reasonOf(cause)}`, { cause })
        throw new ForeignLogError(note.split('\n', 1)[0] ?? '', { cause })
      }
    },
  }
}

/** Whether it says that we signed it. */
function isOurs(note: string, origin: string, keyId: number): boolean {
  try {
    const { text, signatures } = parseNote(note)
    return text.startsWith(`${origin}\n`) && signatures.some((one) => one.name === origin && one.keyId === keyId)
  } catch {
    // No note at all: nobody signed that.
    return true
  }
}
