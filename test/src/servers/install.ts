import { spawnSync } from 'node:child_process'

const setup = new URL('../../../deploy/setup.mjs', import.meta.url).pathname

/** Installs PostgreSQL, Redis and what fetches Kafka, where they are missing. @throws when that is not possible */
export function installServers(): void {
  const { status } = spawnSync(process.execPath, [setup, '--servers'], { stdio: ['ignore', 'inherit', 'inherit'] })
  if (status !== 0) throw new Error('PostgreSQL, Redis, Java and Maven are needed, and could not be installed')
}
