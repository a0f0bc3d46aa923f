import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** What suites fetch once and only read: servers and rule packs. Everything else below `.cache` is written by a run. */
const fetched = ['kafka', 'packs']

/**
 * Copies the files of the work tree (tracked, or new and not ignored) into an empty directory, and links the installed
 * packages beside them. `@socle/*` leads to the copy, so that nothing of the original is ever run.
 */
export function copyTree(root: string, copy: string): void {
  for (const file of filesOf(root)) {
    mkdirSync(dirname(join(copy, file)), { recursive: true })
    cpSync(join(root, file), join(copy, file))
  }
  linkPackages(join(root, 'node_modules'), join(copy, 'node_modules'))
  // PostgreSQL does not run as root: its user must be able to come in.
  chmodSync(copy, 0o755)
  mkdirSync(join(copy, 'tmp'))
  mkdirSync(join(copy, '.cache'))
  for (const name of fetched) {
    mkdirSync(join(root, '.cache', name), { recursive: true })
    symlinkSync(join(root, '.cache', name), join(copy, '.cache', name))
  }
}

function filesOf(root: string): readonly string[] {
  const words = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const { status, stdout, stderr } = spawnSync('git', words, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 })
  if (status !== 0) throw new Error(`the tree is copied from a git work tree, and this is none: ${stderr}`)
  return stdout.split('\0').filter((file) => file !== '' && existsSync(join(root, file)))
}

/** Packages one by one, so that caches of tools stay behind; workspaces by the copy's own folders. */
function linkPackages(from: string, to: string): void {
  mkdirSync(join(to, '@socle'), { recursive: true })
  for (const name of readdirSync(from)) {
    if (name === '@socle' || (name.startsWith('.') && name !== '.bin')) continue
    symlinkSync(join(from, name), join(to, name))
  }
  for (const name of readdirSync(join(from, '@socle'))) symlinkSync(join('../..', name), join(to, '@socle', name))
}
