import { spawnSync } from 'node:child_process'

const socle = new URL('../../../../gateway/bin/socle.mjs', import.meta.url).pathname

/** The topics of the hub, made by the command that an operator uses. */
export function prepareTopics(env: Readonly<Record<string, string>>): void {
  const { status, stderr } = spawnSync(process.execPath, [socle, 'topics'], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
    timeout: 60_000,
  })
  if (status !== 0) throw new Error(`socle topics: ${stderr}`)
}
