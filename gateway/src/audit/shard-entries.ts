import { type Envelope, ProofError } from '@socle/schemas'
import { readRegular } from './read-limited.ts'

/** Beside the log of an export: its entries of kind `shard`, opened, one line of JSON each, in the order of the log. */
export const shardFile = 'shard.ndjson'

/** One line. What is read is a claim until `checkShardLink` has tied it to the log. */
export interface ShardLine {
  /** In the log. */
  readonly index: number
  readonly envelope: Envelope
  /** Base64. */
  readonly salt: string
}

/** A log has two at most; a line is far shorter. */
const maxBytes = 65_536

/** @throws Error when it cannot be read */
export function readShardLines(path: string): readonly ShardLine[] {
  const lines = readRegular(path, maxBytes)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
  return lines.map((line) => {
    const { index, envelope, salt } = parsed(line)
    if (!Number.isSafeInteger(index) || typeof salt !== 'string' || typeof envelope !== 'object' || envelope === null)
      throw new ProofError('a member is missing or of another kind')
    return { index, envelope, salt } as ShardLine
  })
}

function parsed(line: string): Partial<ShardLine> {
  try {
    return (JSON.parse(line) as Partial<ShardLine> | null) ?? {}
  } catch (cause) {
    throw new ProofError('not JSON', { cause })
  }
}
