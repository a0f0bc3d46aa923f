import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { compiled } from './child.ts'
import type { Rig } from './rig.ts'

export interface Ran {
  readonly status: number
  readonly out: string
}

const patienceMs = 60_000

/** An operator's command beside the gateways, as it is run. `data` names the data directory, one of its own unless told. */
export async function socle(rig: Rig, line: readonly string[], data = 'operator'): Promise<Ran> {
  const env = { PATH: process.env['PATH'] ?? '', ...rig.env, HUB_DATA: join(rig.directory, data) }
  const options = { env, timeout: patienceMs, maxBuffer: 16 * 1024 * 1024 }
  return await new Promise((resolve) => {
    execFile(process.execPath, [compiled('fault/socle-process'), ...line], options, (error, stdout, stderr) => {
      const status = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
      resolve({ status, out: `${stdout}${stderr}` })
    })
  })
}

let number = 0

/**
 * What an auditor gets who exports the log and verifies it: `proved`, `not proved`, or why there is no export. Without
 * `--stamp`, which appends: the last stamped head is what counts.
 */
export async function audited(rig: Rig, ...options: readonly string[]): Promise<string> {
  const folder = join(rig.directory, `audit-${number++}`)
  const exported = await socle(rig, ['export', ...options, '--log', folder])
  if (exported.status !== 0) return `no export: ${exported.out.trim().slice(0, 300)}`
  return await verified(rig, folder)
}

/** `proved`, `not proved`, or `unusable` and why. */
export async function verified(rig: Rig, path: string, ...options: readonly string[]): Promise<string> {
  const { status, out } = await socle(rig, ['verify', path, '--lang', 'en', ...options])
  return ['proved', 'not proved'][status] ?? `unusable: ${out.trim().slice(0, 300)}`
}
