import { examine } from '@socle/mappings'
import { describe, expect, test } from 'vitest'
import { aContract, fileOf } from './base.ts'
import { type Fault, aContractInXml, jsonFaults, xmlFaults } from './faults.ts'
import { isHere, jsonJudge, xmlJudge } from './official.ts'

const now = new Date('2026-11-24T12:00:00Z')
const rank = ['reject', 'warn', 'info']

interface Verdict extends Fault {
  readonly ours: string
  readonly rules: readonly string[]
}

function judge(fault: Fault): Verdict {
  const { findings } = examine(Buffer.from(fault.file), { now })
  const [worst = 'nothing said'] = findings
    .map(({ severity }) => severity)
    .sort((a, b) => rank.indexOf(a) - rank.indexOf(b))
  return { ...fault, ours: worst, rules: [...new Set(findings.map(({ rule }) => rule))] }
}

function print(title: string, verdicts: readonly Verdict[]): void {
  const rows = verdicts.map(
    ({ name, official, ours, rules }) =>
      `  ${official.padEnd(8)} ${ours.padEnd(7)} ${name.padEnd(52)} ${rules.join(', ')}`,
  )
  process.stdout.write(`\n${title}\n  official ours\n${rows.join('\n')}\n`)
}

test('the base record has no fault, in either format', () => {
  expect(examine(Buffer.from(fileOf(aContract())), { now }).findings).toEqual([])
  expect(examine(Buffer.from(aContractInXml()), { now }).findings).toEqual([])
})

describe.each([
  ['JSON 2.0.4', jsonFaults(), 29, 19],
  ['XML 2.0.2', xmlFaults(), 15, 9],
])('%s', (title, faults, accepted, refused) => {
  const verdicts = faults.map(judge)
  print(`Faults in one ${title} record`, verdicts)

  test('as many faults as the official schema was tried with', () => {
    expect(faults.filter(({ official }) => official === 'accepts')).toHaveLength(accepted)
    expect(faults.filter(({ official }) => official === 'refuses')).toHaveLength(refused)
  })

  test.each(verdicts.map((one) => [one.name, one] as const))('%s is caught', (_, { rules }) => {
    expect(rules).not.toEqual([])
    expect(rules).not.toContain('FORMAT-INTERNAL')
  })

  test.each(verdicts.filter(({ official }) => official === 'refuses').map((one) => [one.name, one] as const))(
    'what the official schema refuses is refused here: %s',
    (_, { ours }) => {
      expect(ours).toBe('reject')
    },
  )

  test.runIf(isHere)('the official schema says of each what is written here', () => {
    const isAccepted = title.startsWith('JSON') ? jsonJudge('2.0.4') : xmlJudge('2.0.2')
    const said = faults.map(({ name, file }) => `${name}: ${isAccepted(file) ? 'accepts' : 'refuses'}`)
    expect(said).toEqual(faults.map(({ name, official }) => `${name}: ${official}`))
  })
})
