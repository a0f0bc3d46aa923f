import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createHeadFile, type HeadFile } from './head-file.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'socle-head-'))
})
afterEach(async () => await rm(directory, { recursive: true, force: true }))

const noteOf = (size: number, origin = 'log'): { size: number; note: string } => ({
  size,
  note: `${origin}\n${size}\n`,
})
const sizeOf = (note: string): number | undefined =>
  note.startsWith('log\n') ? Number(note.split('\n')[1]) : undefined
const aFile = (judge: (note: string) => Promise<boolean> = async () => await Promise.resolve(true)): HeadFile =>
  createHeadFile({ directory, sizeOf, judge })
const kept = async (): Promise<string> => await readFile(join(directory, 'last-checkpoint'), 'utf8')

test('it only moves forward, whoever writes last', async () => {
  const [one, two] = [aFile(), aFile()]
  await Promise.all([3, 9, 5, 7].flatMap((size) => [one.reach(noteOf(size)), two.reach(noteOf(size - 1))]))
  expect(sizeOf(await kept())).toBe(9)
  await two.reach(noteOf(8))
  expect(sizeOf(await kept())).toBe(9)
  expect(await readdir(directory)).toEqual(['last-checkpoint'])
})

test('what our ledger does not go on from stays in the file', async () => {
  await aFile().reach(noteOf(9))
  const shown: string[] = []
  const other = aFile(async (note) => {
    shown.push(note)
    return await Promise.resolve(false)
  })
  expect(await other.reach(noteOf(12))).toBe(false)
  expect([shown, await kept()]).toEqual([['log\n9\n'], 'log\n9\n'])
})

test('a note that is not ours is written over, and a log of another name begins again', async () => {
  await writeFile(join(directory, 'last-checkpoint'), 'torn')
  const file = aFile()
  expect(await file.reach(noteOf(4))).toBe(true)
  expect(await file.reach(noteOf(2, 'next'))).toBe(true)
  expect(await kept()).toBe('next\n2\n')
})

test('the lock of a process that was killed is taken away', { timeout: 20_000 }, async () => {
  await writeFile(join(directory, 'last-checkpoint.lock'), '')
  expect(await aFile().reach(noteOf(4))).toBe(true)
  expect(await readdir(directory)).toEqual(['last-checkpoint'])
})
