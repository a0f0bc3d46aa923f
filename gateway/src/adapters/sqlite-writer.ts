import { parentPort, workerData } from 'node:worker_threads'
import { CompiledQuery } from 'kysely'
import { handOver } from '../record/hand-over.ts'
import { createLogSigner } from '../record/log-signer.ts'
import { appendEntries, type LedgerParts, type LedgerStep } from '../record/ledger.ts'
import { migrate } from '../store/migrate.ts'
import { createVault } from '../store/vault.ts'
import { assertDurable, durabilityOf, openDatabase } from './sqlite-database.ts'
import { kyselyOver } from './sqlite-dialect.ts'
import type { WriterAnswer, WriterRequest, WriterStart } from './sqlite-protocol.ts'

/**
 * The only writer of the embedded store, in a thread of its own: a commit waits for the disk, and the main thread must
 * not. Requests are served one after the other. A crash of this thread ends the process (see store-sqlite.ts): its
 * memory holds nothing that the database does not.
 */
const start = workerData as WriterStart
const port = parentPort
if (!port) throw new Error('sqlite-writer runs as a worker thread only')

const raw = openDatabase(start.file)
assertDurable(durabilityOf(raw, start.file), start.allowInMemory)
// Says at once that the directory is not ours to write, not at the first deposit.
raw.exec('begin immediate')
raw.exec('rollback')
const db = kyselyOver(raw)
await migrate(db, 'sqlite')

const parts: LedgerParts = {
  dialect: 'sqlite',
  vault: createVault(start.storageKey),
  log: createLogSigner(start),
  at: reached,
}

function reached(step: LedgerStep | 'committed'): void {
  if (start.killAt === step) process.kill(process.pid, 'SIGKILL')
}

async function serve(request: WriterRequest): Promise<WriterAnswer> {
  const { id } = request
  switch (request.ask) {
    case 'append': {
      const appended = await db.transaction().execute(async (tx) => await appendEntries(tx, request.entries, parts))
      reached('committed')
      return { id, ok: true, appended }
    }
    case 'hand-over': {
      const { order } = request
      const handedOver = await db.transaction().execute(async (tx) => await handOver(tx, order, parts))
      reached('committed')
      return { id, ok: true, handedOver }
    }
    case 'query': {
      const result = await db.executeQuery(CompiledQuery.raw(request.sql, [...request.parameters]))
      return { id, ok: true, query: { rows: result.rows, changes: Number(result.numAffectedRows ?? 0) } }
    }
    case 'close':
      await db.destroy()
      return { id, ok: true }
  }
}

let last: Promise<void> = Promise.resolve()

port.on('message', (request: WriterRequest) => {
  last = last.then(async () => {
    try {
      port.postMessage(await serve(request))
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : undefined
      const answer: WriterAnswer = {
        id: request.id,
        ok: false,
        message: error instanceof Error ? error.message : String(error),
        code,
      }
      port.postMessage(answer)
    }
    if (request.ask === 'close') port.close()
  })
})

port.postMessage('ready')
