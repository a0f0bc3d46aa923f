import { spawnSync } from 'node:child_process'
import type { Tool } from '../interop/tools.ts'

/** A program of Debian's, when it is installed; `option` makes it print its version and end. */
export function findProgram(name: string, option: string, debianPackage: string): Tool {
  if (spawnSync(name, [option]).status === 0) return { ready: true, command: name }
  return { ready: false, reason: `${name} is not installed (package ${debianPackage})` }
}
