import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseTrust } from '@socle/schemas'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { checkLog } from './checker.ts'
import { createHistory, type History } from './history.ts'
import { startChild } from './hub-child.ts'
import { type Answer, createSender, type Sender } from './sender.ts'
import { failing, failuresIn, maySkipTracing } from './tracer.ts'

const root = await mkdtemp(join(tmpdir(), 'socle-disk-'))
afterAll(async () => await rm(root, { recursive: true, force: true }))

const codeOf = ({ body }: Answer): unknown => (JSON.parse(body.toString('utf8')) as { readonly code?: string }).code

interface Disk {
  readonly name: string
  readonly file: 'ledger.sqlite' | 'ledger.sqlite-wal'
  readonly injection: string
  readonly refuses: boolean
}

/**
 * What the disk answers to each thread, for a while, and then no more. The window is counted in calls of the thread: it
 * opens after the writer's first documents and closes before the last. Only the checkpointer writes the database file:
 * commits go to the WAL and do not need it.
 */
const disks: readonly Disk[] = [
  { name: 'a full disk', file: 'ledger.sqlite-wal', injection: 'pwrite64:error=ENOSPC:when=90..170', refuses: true },
  { name: 'failing writes', file: 'ledger.sqlite-wal', injection: 'pwrite64:error=EIO:when=90..170', refuses: true },
  {
    name: 'failing syncs',
    file: 'ledger.sqlite-wal',
    injection: 'fsync,fdatasync:error=EIO:when=12..20',
    refuses: true,
  },
  {
    name: 'no room to copy the WAL',
    file: 'ledger.sqlite',
    injection: 'pwrite64:error=ENOSPC:when=1..6',
    refuses: false,
  },
]

describe.skipIf(maySkipTracing())('a store that cannot write', () => {
  test.each(disks)('$name: no receipt without a record, and the log is whole', async (disk) => {
    const directory = join(root, disk.name.replaceAll(' ', '-'))
    const notes = `${directory}.notes`
    const history = createHistory()
    {
      // The tables, the keys and the accounts are there before the disk gives in.
      await using first = await startChild({ directory })
      await first.stop()
    }
    await using child = await startChild({ directory }, failing(join(directory, disk.file), disk.injection, notes))
    const sender = createSender(child.url, child.tokens['profil-a'], 1)
    let refused = 0
    for (let i = 0; i < 12; i++) refused += await sendUntilTaken(sender, history)
    // The checkpointer comes round every half second.
    await vi.waitFor(() => expect(failuresIn(notes)).toBeGreaterThan(0), { timeout: 20_000, interval: 100 })
    // The disk is well again: a document passes at once.
    const last = history.next()
    const answer = await sender.deposit(last.key, last.body)
    expect(answer.status).toBe(201)
    history.take(last, answer)
    sender.close()
    expect(await child.stop()).toEqual({ code: 0, signal: null })
    expect(refused > 0).toBe(disk.refuses)
    expect(history.faults).toEqual([])
    const text = async (file: string): Promise<string> => await readFile(join(directory, 'keys/trust', file), 'utf8')
    const trust = parseTrust({ logVkey: await text('log.vkey'), sealCa: await text('seal-ca.pem') })
    const verdict = checkLog(join(directory, 'ledger.sqlite'), history.all, trust)
    expect(verdict).toEqual({ size: 15, documents: 13, faults: [] })
    console.log(`${disk.name}: ${failuresIn(notes)} failed calls, ${refused} refusals, 13 documents, lost 0, twice 0`)
  })
})

/** One document, sent with its key until it is taken; gives the refusals before that, each of which says to try again. */
async function sendUntilTaken(sender: Sender, history: History): Promise<number> {
  const sent = history.next()
  for (let refused = 0; refused < 200; refused++) {
    const answer = await sender.deposit(sent.key, sent.body)
    if (answer.status === 201 || answer.status === 200) {
      history.take(sent, answer)
      return refused
    }
    expect([answer.status, codeOf(answer)]).toEqual([503, 'STORE_UNAVAILABLE'])
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
  }
  throw new Error('the disk never got well')
}
