import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { examine } from '@socle/mappings'
import { describe, expect, test } from 'vitest'
import { isHere, officialData } from './official.ts'

const now = new Date('2026-11-24T12:00:00Z')

/** Faults that the official examples have: invented SIRET, and identifiers that no register has. */
const knownFaults: Readonly<Record<string, readonly string[]>> = {
  'v2.0/json/concessions.json': ['HUB-SIREN-LUHN'],
  'v2.0/json/marches_concessions.json': ['HUB-SIREN-LUHN'],
  'v2.0/xml/Contrat-concession.xml': ['HUB-SIREN-LUHN'],
}

const files = isHere
  ? ['v1.5/json', 'v1.5/xml', 'v2.0/json', 'v2.0/xml'].flatMap((folder) =>
      readdirSync(join(officialData, folder)).map((name) => `${folder}/${name}`),
    )
  : []

describe.skipIf(!isHere)('official examples', () => {
  test.each(files)('%s is accepted but for its known faults', (file) => {
    const { format, version, verdict, findings, records } = examine(readFileSync(join(officialData, file)), { now })
    expect(format).toBe(file.includes('/xml/') ? 'decp-xml' : 'decp-json')
    expect(version).toBe(file.startsWith('v1.5') ? '1.5.0' : file.includes('/xml/') ? '2.0.2' : '2.0.4')
    const rejects = [...new Set(findings.filter(({ severity }) => severity === 'reject').map(({ rule }) => rule))]
    process.stdout.write(`  ${file}: ${verdict}${rejects.length > 0 ? ` (${rejects.join(', ')})` : ''}\n`)
    expect(rejects).toEqual(knownFaults[file] ?? [])
    expect(records.length).toBeGreaterThan(0)
  })
})
