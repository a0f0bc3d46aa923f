import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Mutant } from './mutants.ts'

/** The file of a mutant below `root`, as it is and as it would be. @throws when a text does not stand there exactly once */
export function edited(
  root: string,
  { name, file, edits }: Mutant,
): { readonly before: string; readonly after: string } {
  const before = readFileSync(join(root, file), 'utf8')
  const after = edits.reduce((text, edit) => {
    const found = text.split(edit.old).length - 1
    if (found !== 1) throw new Error(`mutant ${name}: ${file} has ${found} times, not once: ${edit.old}`)
    return text.replace(edit.old, () => edit.new)
  }, before)
  return { before, after }
}

/** Edits the file below `root`; disposing gives it back as it was. @throws as `edited` */
export function mutate(root: string, mutant: Mutant): Disposable {
  const path = join(root, mutant.file)
  const { before, after } = edited(root, mutant)
  writeFileSync(path, after)
  return { [Symbol.dispose]: () => writeFileSync(path, before) }
}
