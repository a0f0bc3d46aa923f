import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { generate } from '../scripts/generate.mjs'

const root = join(import.meta.dirname, '..')

test('the committed generated files are what the contract files give', () => {
  for (const [path, text] of generate(root)) {
    expect(readFileSync(join(root, path), 'utf8') === text, `${path} is stale: run npm run generate`).toBe(true)
  }
})
