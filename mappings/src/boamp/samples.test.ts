// oxlint-disable-next-line no-restricted-imports -- tests read the samples; the code under test reads nothing
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { schemas } from '@socle/schemas'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { examine } from '../examine.ts'
import { shortest } from './testing/example-notices.ts'

const shared = join(import.meta.dirname, '../../../../shared/data/boamp')
const names = existsSync(shared) ? readdirSync(shared) : []

const ajv = new Ajv2020({ strict: false })
for (const schema of Object.values(schemas)) ajv.addSchema(schema)

test.skipIf(names.length > 0)('samples are not here: skipped', ({ annotate }) =>
  annotate('no ../shared/data/boamp beside the repository'),
)

test.skipIf(names.length === 0).each(names)('%s is accepted, canonical and quick', (name) => {
  const bytes = readFileSync(join(shared, name))
  const { verdict, findings, records } = examine(bytes)
  expect(shortest(() => examine(bytes))).toBeLessThan(100)
  expect(findings.filter(({ severity }) => severity === 'reject')).toEqual([])
  expect(verdict).toBe('accepted')
  for (const { canonical } of records) {
    expect(ajv.validate('https://socle.example/schemas/v1/notice.schema.json', canonical), ajv.errorsText()).toBe(true)
  }
})
