import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { edited } from '../mutants/edit.ts'
import { mutants } from '../mutants/mutants.ts'
import { root } from './sources.ts'

/** `npm run mutants` takes minutes; what makes it fail at once is learnt here, by whoever changes the line. */
describe.each(mutants.map((mutant) => [`${mutant.name}, ${mutant.what}`, mutant] as const))(
  'mutant %s',
  (_, mutant) => {
    test('changes text that stands once in its file', () => {
      const { before, after } = edited(root, mutant)
      expect(after).not.toBe(before)
    })

    // In the file itself, or in the contract beside it that the file runs on one adapter.
    test.each(mutant.caughtBy.filter(({ project }) => project !== 'production'))(
      'is to be caught by a test that there is: $test',
      ({ file, test: title }) => {
        const folder = dirname(join(root, file))
        const files = readdirSync(folder).filter((name) => name.endsWith('.ts'))
        expect(files).toContain(basename(file))
        expect(files.some((name) => readFileSync(join(folder, name), 'utf8').includes(title))).toBe(true)
      },
    )
  },
)
