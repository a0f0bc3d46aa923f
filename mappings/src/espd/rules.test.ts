// oxlint-disable-next-line no-restricted-imports -- tests read the example documents; the code under test reads nothing
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type DumeRequest, type DumeResponse, type Finding, type RuleId, rules } from '@socle/schemas'
import { describe, expect, test } from 'vitest'
import { examineXml } from '../xml/examine.ts'
import { type Recipe, follow } from '../catalogue/example.ts'
import { compareWithRequest } from './compare.ts'

const folder = join(import.meta.dirname, '../../../schemas/examples')

/** With a request, the two are compared. */
interface Example extends Recipe {
  readonly options?: { readonly request?: Recipe }
}

/** Needs a hub that looks for the request: shown with the hub. */
const shownElsewhere: readonly RuleId[] = ['ESPD-REQUEST-NOT-HELD']

const own = (Object.keys(rules) as RuleId[]).filter((rule) => rule.startsWith('ESPD-'))
const shown = own.filter((rule) => !shownElsewhere.includes(rule))

function exampleOf(rule: RuleId, name: 'fails' | 'passes'): Example {
  const file = join(folder, 'rules', rule, `${name}.json`)
  if (!existsSync(file)) throw new Error(`no ${name} example of ${rule}`)
  return JSON.parse(readFileSync(file, 'utf8')) as Example
}

const readBase = (path: string): Uint8Array => readFileSync(join(folder, path))

function findingsOf(example: Example): readonly Finding[] {
  const examination = examineXml(follow(example, readBase), { packs: 'none' })
  const asked = example.options?.request
  if (asked === undefined) return examination.findings
  const request = examineXml(follow(asked, readBase), { packs: 'none' })
  const [response] = examination.records
  expect(examination.findings.filter(({ severity }) => severity === 'reject')).toEqual([])
  return compareWithRequest(response?.canonical as DumeResponse, request.records[0]?.canonical as DumeRequest)
}

describe.each(shown)('%s', (rule) => {
  test('its failing example is told, with its severity, its place and its reason', () => {
    const found = findingsOf(exampleOf(rule, 'fails')).filter((finding) => finding.rule === rule)
    expect(found).not.toEqual([])
    for (const { xpath, message } of found) {
      expect(xpath?.startsWith('/')).toBe(true)
      expect(message.fr + message.en).not.toMatch(/\{\w+\}/)
    }
  })

  test('its failing example shows no other reason for a refusal', () => {
    const others = findingsOf(exampleOf(rule, 'fails')).filter((finding) => finding.severity === 'reject')
    expect(others.filter((finding) => finding.rule !== rule)).toEqual([])
  })

  test('its passing example is left alone', () => {
    const example = exampleOf(rule, 'passes')
    const found = findingsOf(example)
    expect(found.filter((finding) => finding.rule === rule)).toEqual([])
    expect(found.filter(({ severity }) => severity === 'reject')).toEqual([])
  })
})

test('the example documents break no rule', () => {
  for (const name of ['espd-response-4.1.0', 'espd-response-2.1.1', 'espd-request-4.1.0']) {
    const text = readFileSync(join(folder, `documents/${name}.xml`))
    const found = examineXml(text, { packs: 'none' }).findings.map(({ rule }) => rule)
    expect(found).toEqual(['FORMAT-OWN-RULES-ONLY'])
  }
})

test.each([
  ['absent', /<cbc:ProfileExecutionID[^>]*>[^<]*<\/cbc:ProfileExecutionID>/, '', 'manque'],
  ['empty', '>ESPD-EDMv4.1.0</cbc:ProfileExecutionID>', '></cbc:ProfileExecutionID>', 'manque'],
  ['in lower case', '>ESPD-EDMv4.1.0</', '>espd-edmv4.1.0</', 'est inconnu'],
  ['followed by more', '>ESPD-EDMv4.1.0</', '>ESPD-EDMv4.1.0-X</', 'est inconnu'],
])('an execution id that is %s is told once, and every code is not judged by a guess', (_, from, to, said) => {
  const text = readFileSync(join(folder, 'documents/espd-response-4.1.0.xml'), 'utf8')
  const changed = text.replace(from, to)
  expect(changed).not.toBe(text)
  const { findings, verdict, version } = examineXml(Buffer.from(changed), { packs: 'none' })
  const refusals = findings.filter(({ severity }) => severity === 'reject')
  expect([verdict, version, refusals.map(({ rule }) => rule)]).toEqual(['refused', '4.1.0', ['ESPD-EXECUTION-ID']])
  expect(refusals[0]?.message.fr).toContain(said)
  expect(refusals[0]?.message.fr).toContain('4.1.0')
  expect(findings.filter(({ rule }) => rule === 'ESPD-CODE-VERSION')).toEqual([])
})
