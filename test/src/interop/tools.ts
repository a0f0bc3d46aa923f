import { spawnSync } from 'node:child_process'
import { buildGoJudge } from './go-tools.ts'

/** A judge from outside, ready to be asked; or why it cannot be. */
export type Tool =
  | { readonly ready: true; readonly command: string }
  | { readonly ready: false; readonly reason: string }

/** What a judge answered. */
export interface Answer {
  readonly accepted: boolean
  readonly output: string
}

/**
 * Missing judges are named on the console and their tests skipped; under CI=true they are a failure instead: there the
 * suite must not be green for want of looking.
 */
export function maySkip(tool: Tool): boolean {
  if (tool.ready) return false
  console.warn(`SKIPPED, nothing was proved: ${tool.reason}`)
  return process.env['CI'] !== 'true'
}

export function ask(tool: Tool, parameters: readonly string[], directory: string): Answer {
  if (!tool.ready) throw new Error(tool.reason)
  const { status, stdout, stderr } = spawnSync(tool.command, parameters, { cwd: directory, encoding: 'utf8' })
  return { accepted: status === 0, output: `${stdout}${stderr}` }
}

export function findOpenssl(): Tool {
  const { status } = spawnSync('openssl', ['version'])
  return status === 0 ? { ready: true, command: 'openssl' } : { ready: false, reason: 'openssl is not installed' }
}

/** Of Debian's gnutls-bin. */
export function findCerttool(): Tool {
  const { status } = spawnSync('certtool', ['--version'])
  return status === 0 ? { ready: true, command: 'certtool' } : { ready: false, reason: 'certtool is not installed' }
}

/** The judge of notes, tiles and proofs, with golang.org/x/mod and torchwood. */
export function buildGoVerifier(repository: string): Tool {
  return buildGoJudge(repository, 'interop')
}
