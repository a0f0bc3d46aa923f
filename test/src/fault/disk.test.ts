import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseTrust } from '@socle/schemas'
import { afterAll, describe, expect, test } from 'vitest'
import { checkLog } from './checker.ts'
import { createHistory } from './history.ts'
import { startChild } from './hub-child.ts'
import { type Answer, createSender } from './sender.ts'
import { failing, maySkipTracing } from './tracer.ts'

const root = await mkdtemp(join(tmpdir(), 'socle-disk-'))
afterAll(async () => await rm(root, { recursive: true, force: true }))

const codeOf = ({ body }: Answer): unknown => (JSON.parse(body.toString('utf8')) as { readonly code?: string }).code

/**
 * What the disk answers to the writer thread, for a while, and then no more. The window is counted in calls of that
 * thread: it opens after the first documents and closes before the last.
 */
const disks: readonly { readonly name: string; readonly injection: string }[] = [
  { name: 'a full disk', injection: 'pwrite64:error=ENOSPC:when=90..170' },
  { name: 'a disk whose writes fail', injection: 'pwrite64:error=EIO:when=90..170' },
  { name: 'a disk whose sync fails', injection: 'fsync,fdatasync:error=EIO:when=12..20' },
]

describe.skipIf(maySkipTracing())('a store that cannot write', () => {
  test.each(disks)(
    '$name: 503 and no receipt, then the same keys pass and the log is whole',
    async ({ name, injection }) => {
      const directory = join(root, name.replaceAll(' ', '-'))
      const history = createHistory()
      {
        // The tables, the keys and the accounts are there before the disk gives in.
        await using first = await startChild({ directory })
        await first.stop()
      }
      const wal = join(directory, 'ledger.sqlite-wal')
      await using child = await startChild({ directory }, failing(wal, injection))
      const sender = createSender(child.url, child.tokens['profil-a'], 1)
      let refused = 0
      let tries = 0
      for (let i = 0; i < 12; i++) {
        const sent = history.next()
        while (sent.receipt === undefined && tries++ < 200) {
          const answer = await sender.deposit(sent.key, sent.body)
          if (answer.status === 201 || answer.status === 200) history.take(sent, answer)
          else {
            refused++
            expect([answer.status, codeOf(answer)]).toEqual([503, 'STORE_UNAVAILABLE'])
            expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
          }
        }
      }
      // The disk is well again: a document passes at once.
      const last = history.next()
      const answer = await sender.deposit(last.key, last.body)
      expect(answer.status).toBe(201)
      history.take(last, answer)
      sender.close()
      expect(await child.stop()).toEqual({ code: 0, signal: null })
      expect(refused).toBeGreaterThan(0)
      expect(history.faults).toEqual([])
      const text = async (file: string): Promise<string> => await readFile(join(directory, 'keys/trust', file), 'utf8')
      const trust = parseTrust({ logVkey: await text('log.vkey'), sealCa: await text('seal-ca.pem') })
      const verdict = checkLog(join(directory, 'ledger.sqlite'), history.all, trust)
      expect(verdict).toEqual({ size: 15, documents: 13, faults: [] })
      console.log(`${name}: ${refused} refusals, 13 documents, lost 0, twice 0`)
    },
  )
})
