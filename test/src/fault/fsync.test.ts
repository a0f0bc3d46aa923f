import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ChildPlan } from './child-plan.ts'
import { createHistory, type Sent } from './history.ts'
import { startChild } from './hub-child.ts'
import { createSender } from './sender.ts'
import { maySkipTracing, tracing } from './tracer.ts'
import { type Acknowledgement, judgeWriteOrder } from './write-order.ts'

const root = await mkdtemp(join(tmpdir(), 'socle-fsync-'))
afterAll(async () => await rm(root, { recursive: true, force: true }))

interface Traced {
  readonly trace: string
  readonly answers: readonly Acknowledgement[]
  readonly sent: readonly Sent[]
}

/** A traced hub receives three documents one by one, then three times eight at once. */
async function trace(name: string, plan: Omit<ChildPlan, 'directory'> = {}): Promise<Traced> {
  const file = join(root, `${name}.trace`)
  const history = createHistory()
  await using child = await startChild({ directory: join(root, name), ...plan }, tracing(file))
  const sender = createSender(child.url, child.tokens['profil-a'], 8)
  const deposit = async (): Promise<void> => {
    const sent = history.next()
    history.take(sent, await sender.deposit(sent.key, sent.body))
  }
  for (let i = 0; i < 3; i++) await deposit()
  for (let i = 0; i < 3; i++) await Promise.all(Array.from({ length: 8 }, deposit))
  sender.close()
  await child.stop()
  expect(history.faults).toEqual([])
  const text = await readFile(file, 'latin1')
  return { trace: text, answers: judgeWriteOrder(text), sent: history.all }
}

const idsOf = (sent: readonly Sent[]): string[] =>
  sent.map(({ receipt }) => (JSON.parse(receipt?.toString('utf8') ?? '{}') as { readonly id?: string }).id ?? '')

describe.skipIf(maySkipTracing())('the order of system calls', () => {
  let real: Traced
  beforeAll(async () => {
    real = await trace('real')
  }, 120_000)

  test('each document is written and synced before the first byte of its receipt leaves', () => {
    expect(real.answers.map(({ id }) => id).toSorted()).toEqual(idsOf(real.sent).toSorted())
    expect(real.answers.filter(({ fault }) => fault !== undefined)).toEqual([])
  })

  test('documents that come one by one have a sync each, those that come together share', () => {
    const syncs = new Map(real.answers.map(({ id, sync }) => [id, sync]))
    const used = (from: number, to: number): number =>
      new Set(idsOf(real.sent.slice(from, to)).map((id) => syncs.get(id))).size
    expect(used(0, 3)).toBe(3)
    expect(used(3, 27)).toBeLessThan(24)
  })

  test('a store that answers from memory is found out', async () => {
    const { answers, sent } = await trace('forgets', { forgets: true })
    expect(answers.length).toBe(sent.length)
    expect(new Set(answers.map(({ fault }) => fault))).toEqual(new Set(['answered before its page was written']))
  })

  test('a trace without its syncs, with failed ones, or with late ones is refused', () => {
    const lines = real.trace.split('\n')
    const isSync = (line: string): boolean => /^\d+\s+[\d:.]+\s+(<\.\.\. )?f(data)?sync\b/.test(line)
    const faults = (changed: readonly string[]): Set<string | undefined> =>
      new Set(judgeWriteOrder(changed.join('\n')).map(({ fault }) => fault))
    const unsynced = new Set(['answered before the sync of its page ended'])
    expect(faults(lines.filter((line) => !isSync(line)))).toEqual(unsynced)
    expect(faults([...lines.filter((line) => !isSync(line)), ...lines.filter(isSync)])).toEqual(unsynced)
    const failed = lines.map((line) => (isSync(line) ? line.replace(/= 0$/, '= -1 EIO (Input/output error)') : line))
    expect(faults(failed)).toEqual(unsynced)
    const unfinished = lines.filter((line) => !(isSync(line) && line.endsWith('= 0')))
    expect(faults(unfinished)).toEqual(unsynced)
  })
})

describe('the reader of traces', () => {
  const id = '01990000-0000-7000-8000-000000000001'
  const page = `7 10:00:00.1 pwrite64(20</d/ledger.sqlite-wal>, "..${id}..", 8192, 56) = 8192`
  const answer = `1 10:00:00.3 write(25<TCP:[1]>, "HTTP/1.1 201 Created\\r\\nlocation: /v1/documents/${id}\\r\\n", 99) = 99`
  const begin = '7 10:00:00.2 fdatasync(20</d/ledger.sqlite-wal> <unfinished ...>'
  const end = '7 10:00:00.4 <... fdatasync resumed>) = 0'
  const fault = (...lines: string[]): unknown => judgeWriteOrder(lines.join('\n'))[0]?.fault

  test('takes a sync that ended, not one under way', () => {
    expect(fault(page, begin, end, answer)).toBeUndefined()
    expect(fault(page, begin, answer, end)).toMatch('before the sync')
  })

  test('takes no sync of another file, of another thread, or from before the write', () => {
    expect(fault(page, '7 10:00:00.2 fdatasync(21</d/ledger.sqlite>) = 0', answer)).toMatch('before the sync')
    expect(fault(page, '8 10:00:00.2 fdatasync(20</d/ledger.sqlite-wal>) = 0', answer)).toMatch('before the sync')
    expect(fault(begin, end, page, answer)).toMatch('before the sync')
    expect(fault(begin, page.replace('7 ', '8 '), end, answer)).toMatch('before the sync')
    expect(fault(answer, page, begin, end)).toMatch('before its page')
  })
})
