import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from './judge.ts'

/** Runbooks of deploy/, by file name. */
export function runbook(name: string): string {
  return readFileSync(join(repository, 'deploy/runbooks', name), 'utf8')
}

export interface Ran {
  readonly status: number
  readonly output: string
}

/**
 * Runs the lines under a mark as an operator pastes them, one shell a block. Not blocking: the hub that they speak to
 * may be in this process. A shell whose input is a socket takes itself for a remote one and would read the machine's own
 * settings. `npx` would look for the same program, a second each time.
 */
export async function runLines(name: string, mark: string, env: Readonly<Record<string, string>>): Promise<Ran> {
  const block = new RegExp(`<!-- run: ${mark} -->\\n\`\`\`sh\\n([\\s\\S]*?)\n\`\`\``).exec(runbook(name))?.[1]
  if (block === undefined) throw new Error(`${name} has no lines marked ${mark}`)
  const options = { cwd: repository, env: { ...process.env, ...env }, timeout: 90_000 }
  return await new Promise((resolve) => {
    execFile(
      'bash',
      ['--norc', '-euo', 'pipefail', '-c', block.replaceAll('npx socle', 'node gateway/bin/socle.mjs')],
      options,
      (error, stdout, stderr) => {
        const status = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
        resolve({ status, output: `${stdout}${stderr}` })
      },
    )
  })
}
