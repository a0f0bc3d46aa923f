import type { Command } from 'commander'
import { readContent } from '../store/happenings.ts'
import type { WiredHub } from '../wire.ts'
import { exitCodes } from './exit.ts'
import { withHub } from './operator-hub.ts'

/** Ids read at a time; of the bytes, one document's. */
const atOnce = 500

export function checkCommand(program: Command): void {
  program
    .command('check')
    .description(
      'read the bytes of every document and list those (number|id) that are not what was received. Exit 0: none; 1: some',
    )
    .action(async () => {
      await withHub(async (hub) => {
        const { read, damaged } = await checkDocuments(hub)
        process.stderr.write(`${read} documents lus / read, ${damaged} altérés / damaged\n`)
        if (damaged > 0) process.exitCode = exitCodes.failed
      })
    })
}

async function checkDocuments({ store }: WiredHub): Promise<{ readonly read: number; readonly damaged: number }> {
  let [read, damaged, next] = [0, 0, 0]
  for (;;) {
    const kept = store.reader.selectFrom('documents').select(['idx', 'id']).where('stored_as', '!=', 'erased')
    const rows = await kept.where('idx', '>=', next).orderBy('idx').limit(atOnce).execute()
    for (const { idx, id } of rows) {
      next = idx + 1
      read++
      if ((await readContent(store, id))?.whole) continue
      damaged++
      process.stdout.write(`${idx}|${id}\n`)
    }
    if (rows.length < atOnce) return { read, damaged }
  }
}
