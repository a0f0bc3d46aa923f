import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix, relative } from 'node:path'

export const root: string = join(import.meta.dirname, '../../..')

export const workspaces: readonly string[] = ['schemas', 'mappings', 'connectors', 'gateway', 'test']

/** A source file of the repository; `path` is relative to its root. */
export interface Source {
  readonly path: string
  readonly text: string
}

/** One import or re-export, static or dynamic. */
export interface Import {
  readonly from: string
  readonly specifier: string
  /** A type import leaves no trace in the running program: it names a shape, it calls nothing. */
  readonly kind: 'type' | 'value'
  /** Path of the file within the repository, when the specifier is relative. */
  readonly target: string | undefined
}

export function readSources(): readonly Source[] {
  return workspaces.flatMap((workspace) =>
    readdirSync(join(root, workspace, 'src'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((file) => ({ path: relative(root, file), text: readFileSync(file, 'utf8') })),
  )
}

const statement = /^(?:import|export)\s+(type\s+)?(?:([^'";]*?)\s+from\s+)?'([^']+)'/gm
const dynamic = /\bimport\(\s*'([^']+)'\s*\)/g

/** Every specifier of a file. Comments and texts that look like an import are no concern: none of ours do. */
export function importsOf({ path, text }: Source): readonly Import[] {
  const found: Import[] = []
  for (const [, typeOnly, names, specifier = ''] of text.matchAll(statement))
    found.push(importAt(path, specifier, typeOnly !== undefined || namesTypesOnly(names) ? 'type' : 'value'))
  for (const [, specifier = ''] of text.matchAll(dynamic)) found.push(importAt(path, specifier, 'value'))
  return found
}

export function importAt(from: string, specifier: string, kind: Import['kind'] = 'value'): Import {
  const target = specifier.startsWith('.') ? posix.join(dirname(from), specifier) : undefined
  return { from, specifier, kind, target }
}

function namesTypesOnly(names: string | undefined): boolean {
  const inBraces = /^\{([\s\S]*)\}$/.exec(names ?? '')?.[1]
  if (inBraces === undefined) return false
  const each = inBraces.split(',').map((name) => name.trim())
  return each.filter((name) => name !== '').every((name) => name.startsWith('type '))
}

export function isTest(path: string): boolean {
  return path.endsWith('.test.ts') || path.startsWith('test/') || path.includes('/testing/')
}
