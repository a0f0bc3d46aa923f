import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseCheckpointText, parseEntryBundle, parseNote, parseTrust, tilePath, tilesOfLevel } from '@socle/schemas'
import type { Evidence, LogCopy, Run } from './evidence.ts'

/**
 * Files of a run: `run.json`, `history.jsonl`, `ledger.jsonl`, `topics.jsonl` (with Kafka), `applied/*.jsonl`,
 * and `export/` as `socle export --log` writes it.
 * @throws when one is missing or cannot be read: evidence that is not there proves nothing
 */
export function readEvidence(directory: string): Evidence {
  const run = JSON.parse(readFileSync(join(directory, 'run.json'), 'utf8')) as Run
  const applied = join(directory, 'applied')
  return {
    run,
    history: lines(join(directory, 'history.jsonl')),
    log: readLog(join(directory, 'export')),
    ledger: lines(join(directory, 'ledger.jsonl')),
    topics: Object.keys(run.topics).length > 0 ? lines(join(directory, 'topics.jsonl')) : [],
    applied: (existsSync(applied) ? readdirSync(applied) : []).flatMap((name) => lines(join(applied, name))),
  }
}

/** A last line without its end was cut by a kill: whoever wrote it had not finished, so it says nothing. */
function lines<T>(path: string): T[] {
  const text = readFileSync(path, 'utf8')
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T)
}

function readLog(directory: string): LogCopy {
  const text = (name: string): string => readFileSync(join(directory, name), 'utf8')
  const checkpoint = text('log/checkpoint')
  const { size } = parseCheckpointText(parseNote(checkpoint).text)
  const trust = parseTrust({ logVkey: text('log.vkey'), sealCa: text('seal-ca.pem'), tsaCa: text('tsa-ca.pem') })
  const leaves: Uint8Array[] = []
  for (const bundle of tilesOfLevel(size, 'entries'))
    leaves.push(...parseEntryBundle(readFileSync(join(directory, 'log', tilePath(bundle))), bundle.width))
  return { checkpoint, trust, leaves }
}
