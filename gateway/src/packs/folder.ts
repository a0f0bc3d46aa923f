import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { PackSource } from '@socle/mappings'

/** Where packs are kept unless HUB_PACKS_DIR says otherwise: beside the installed programs, never in the data folder. */
export const defaultPacksFolder: string = fileURLToPath(new URL('../../../.cache/packs/', import.meta.url))

/** Reads packs from a folder; one that does not exist holds none. */
export function packsIn(folder: string): PackSource {
  return {
    list: () =>
      existsSync(folder)
        ? readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
            entry.isDirectory() && existsSync(join(folder, entry.name, 'pack.json')) ? [entry.name] : [],
          )
        : [],
    read: (pack, path) => {
      const file = join(folder, pack, path)
      return existsSync(file) ? readFileSync(file) : undefined
    },
  }
}
