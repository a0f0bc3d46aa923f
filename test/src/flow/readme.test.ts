import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { freePort } from '../support/free-port.ts'

const root = join(import.meta.dirname, '../../..')

/** The lines of the README under a mark, as a newcomer copies them. */
function linesUnder(mark: string): string {
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  const block = new RegExp(`<!-- run: ${mark} -->\\n\`\`\`sh\\n([\\s\\S]*?)\n\`\`\``).exec(readme)?.[1]
  if (block === undefined) throw new Error(`the README has no lines marked ${mark}`)
  return block
}

test('a newcomer gets a first accepted document of their own by copying the lines of the README', async () => {
  // The port may be taken on this machine.
  const script = linesUnder('first-document').replaceAll('8080', String(await freePort()))
  const ran = spawnSync('bash', ['--norc', '-euo', 'pipefail', '-c', script], {
    cwd: root,
    encoding: 'utf8',
    timeout: 50_000,
  })

  // A hub left running would hold the pipe until the time-out.
  expect(ran.error).toBeUndefined()
  expect(ran.status, ran.stderr.slice(-2_000)).toBe(0)
  expect(ran.stdout).toContain('PROVED')
  expect(ran.stdout).not.toContain('FAILED')
})

test('every link of the README leads to a file that is there', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  const targets = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map((match) => match[1] ?? '')
  expect(targets.length).toBeGreaterThan(10)
  const missing = targets.filter((target) => spawnSync('test', ['-e', join(root, target)]).status !== 0)
  expect(missing).toEqual([])
})
