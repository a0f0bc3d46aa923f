import type { Finding } from '@socle/schemas'
import { expect, test } from 'vitest'
import { type Deposit, refusalStatement } from './deposit.ts'

const hub = {
  newId: () => '01932b3e-7c11-7a51-9f0e-2d3c4b5a6978',
  clock: () => new Date('2026-03-01T08:00:00Z'),
  config: { environment: 'sandbox' },
} as unknown as Parameters<typeof refusalStatement>[0]

test('values are looked for in the findings that an envelope keeps, in no other', () => {
  const read = new Set<number>()
  const findings = Array.from({ length: 1_000 }, (_, at): Finding => ({
    rule: 'EFORMS-NAMESPACE',
    severity: 'reject',
    source: 'test',
    pointer: `/${at}`,
    value: 'planted-1@exemple.fr',
    get message() {
      read.add(at)
      return { fr: 'chez planted-1@exemple.fr', en: 'with PLANTED-NAME-1' }
    },
  }))
  const winners = [{ scheme: 'SIRET', value: '1', name: 'PLANTED-NAME-1' }]
  const deposit = {
    caller: { account: 'profil-a' },
    incoming: { kind: 'award', mediaType: 'application/json', bytes: Buffer.from('{}'), idempotencyKey: 'k' },
    sha256: 'aa',
    fingerprint: 'aa',
    examination: { format: 'decp-json', records: [{ canonical: { kind: 'award', winners } }] },
    findings,
  } as unknown as Deposit
  const kept = refusalStatement(hub, deposit).envelope.findings ?? []
  expect(kept).toHaveLength(200)
  expect(JSON.stringify(kept)).not.toMatch(/planted/i)
  expect(read.size).toBe(200)
})
