// oxlint-disable-next-line no-restricted-imports -- tests read the example documents; the code under test reads nothing
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Notice, schemas } from '@socle/schemas'
import { Ajv2020 } from 'ajv/dist/2020.js'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arbitraryNotice } from './testing/arbitrary-notice.ts'
import { parsed } from './examined.ts'
import { readNotice } from './read-notice.ts'
import { writeEforms } from './write.ts'

function written(notice: unknown): string {
  const result = writeEforms(notice as Notice)
  if ('missing' in result) throw new Error(JSON.stringify(result.missing))
  expect(result.losses).toEqual([])
  return result.content
}

test('any notice is written as eForms and read back the same, and nothing of it is lost', () => {
  fc.assert(
    fc.property(arbitraryNotice, (notice) => {
      expect(readNotice(parsed(written(notice)), []).notice).toEqual(notice)
    }),
    { numRuns: 60 },
  )
})

const ajv = new Ajv2020({ allErrors: true, strict: false })
for (const schema of Object.values(schemas)) ajv.addSchema(schema)
const isNotice = ajv.getSchema('https://socle.example/schemas/v1/notice.schema.json')

test('what the tables can read is what the schema of a notice allows', () => {
  fc.assert(
    fc.property(arbitraryNotice, (notice) => {
      const titled = { title: { text: 'Travaux' }, ...notice }
      expect(isNotice?.(titled), JSON.stringify(isNotice?.errors)).toBe(true)
    }),
    { numRuns: 60 },
  )
})

const examples = join(import.meta.dirname, '../../../schemas/examples/documents')
const own = readdirSync(examples).filter((name) => name.startsWith('eforms-'))

test.each(own)('%s is read, written and read back the same, without a doubt about any value', (name) => {
  const found: unknown[] = []
  const { notice } = readNotice(parsed(readFileSync(join(examples, name), 'utf8')), found as never[])
  expect(found).toEqual([])
  expect(readNotice(parsed(written(notice)), []).notice).toEqual(notice)
})

const samples = join(import.meta.dirname, '../../../../shared/data/eforms/notices')
/** Notices without an id, a version or a day of dispatch: there is nothing to write. */
const unwritable = /^INVALID_/

describe.skipIf(!existsSync(samples))('official samples', () => {
  const names = existsSync(samples) ? readdirSync(samples).filter((name) => !unwritable.test(name)) : []

  test.each(names)('%s is read, written and read back the same', (name) => {
    const { notice } = readNotice(parsed(readFileSync(join(samples, name), 'utf8')), [])
    expect(readNotice(parsed(written(notice)), []).notice).toEqual(notice)
  })
})

test.skipIf(existsSync(samples))('official samples are not here: their round trip is skipped', ({ annotate }) =>
  annotate(samples, 'skipped'),
)
