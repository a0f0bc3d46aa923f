import { parentPort, workerData } from 'node:worker_threads'
import { openDatabase } from './sqlite-database.ts'

/**
 * Copies the WAL back into the database off the commit path: a checkpoint inside a commit costs its caller tens of
 * milliseconds. `passive` never waits and never makes anyone wait. Under steady load it cannot start the WAL over, so
 * past 256 MiB a `restart` waits for a gap between two commits. A crash here means nothing: the WAL is still whole.
 */
const everyMs = 500
const restartAbovePages = 32_768

const db = openDatabase(String(workerData))
const timer = setInterval(checkpoint, everyMs)

function checkpoint(): void {
  try {
    const passive = db.prepare('pragma wal_checkpoint(passive)').get()
    if (Number(passive?.['log'] ?? 0) > restartAbovePages) db.exec('pragma wal_checkpoint(restart)')
  } catch (error) {
    // A full disk or a busy moment: commits report their own troubles, the WAL keeps everything, and half a second
    // later this is tried again.
    parentPort?.postMessage(error instanceof Error ? error.message : String(error))
  }
}

parentPort?.on('message', () => {
  clearInterval(timer)
  db.close()
  parentPort?.close()
})
