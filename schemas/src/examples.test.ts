import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { schemas } from './generated/schemas.ts'
import type { Finding } from './finding.ts'

const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false })
for (const schema of Object.values(schemas)) ajv.addSchema(schema)

const folder = join(import.meta.dirname, '../examples')
const own = Object.keys(schemas).filter((name) => name.startsWith('v1/') && !name.startsWith('v1/common/'))

function examples(...path: string[]): [string, unknown][] {
  const inside = join(folder, ...path)
  if (!existsSync(inside)) return []
  return readdirSync(inside)
    .filter((name) => name.endsWith('.json'))
    .map((name) => [name, JSON.parse(readFileSync(join(inside, name), 'utf8')) as unknown])
}

describe.each(own.map((name) => name.slice('v1/'.length)))('%s', (name) => {
  const validate = ajv.getSchema(`https://socle.example/schemas/v1/${name}.schema.json`)

  test('the schema compiles in strict mode', () => {
    expect(validate).toBeTypeOf('function')
  })

  test('there is a valid and an invalid example', () => {
    expect(examples(name)).not.toEqual([])
    expect(examples(name, 'invalid')).not.toEqual([])
  })

  test.each(examples(name))('%s is valid', (_, document) => {
    expect(validate?.(document), JSON.stringify(validate?.errors)).toBe(true)
  })

  test.each(examples(name, 'invalid'))('%s is invalid', (_, document) => {
    expect(validate?.(document)).toBe(false)
  })
})

test('the finding written by hand and the finding schema have the same members', () => {
  const schema = schemas['v1/finding'] as { properties: object; required: string[] }
  const full: Required<Finding> = {
    rule: '',
    severity: 'info',
    record: 0,
    pointer: '',
    xpath: '',
    field: '',
    value: '',
    expected: '',
    message: { fr: '', en: '' },
    source: '',
  }
  expect(Object.keys(schema.properties).sort()).toEqual(Object.keys(full).sort())
  expectTypeOf<Pick<Finding, 'rule' | 'severity' | 'message' | 'source'>>().toExtend<Finding>()
})
