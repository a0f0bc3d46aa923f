import { describe, expect, test } from 'vitest'
import { judges, tableOf } from './judges-table.ts'

const artefact = 'seal'

describe('the table of judges', () => {
  test('has one line an artefact, and one no among its lines makes it a no', () => {
    const { lines, against } = tableOf([
      { judge: 'OpenSSL', artefact, accepts: true, rejectsChanged: true },
      { judge: 'EU DSS', artefact, accepts: true, rejectsChanged: true },
      { judge: 'OpenSSL', artefact, accepts: true, rejectsChanged: false },
    ])
    expect(lines.map((line) => line.split(/ {2,}/))).toEqual([
      ['judge', 'artefact', 'accepts', 'rejects it changed'],
      ['OpenSSL', 'seal', 'yes', 'NO'],
      ['EU DSS', 'seal', 'yes', 'yes'],
    ])
    expect(against).toBe(1)
  })

  test('names who said nothing', () => {
    expect(tableOf([]).silent).toEqual(judges)
    const one = { judge: 'OpenSSL', artefact, accepts: true, rejectsChanged: true } as const
    expect(tableOf([one]).silent).not.toContain('OpenSSL')
  })
})
