import type { HubEvent } from '../kit/hub-event.ts'

/** The id of the n-th event of a test. */
export function idOf(n: number): string {
  return `01a20fb3-3b0d-7723-ae0c-${String(n).padStart(12, '0')}`
}

/** An event as the hub writes it, number n of its log. */
export function rawEvent(n: number, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const content = {
    href: 'http://elsewhere.invalid/x',
    mediaType: 'application/json',
    size: 2,
    sha256: 'ab'.repeat(32),
  }
  const document = {
    id: idOf(n),
    kind: 'award',
    buyer: '21690123100011',
    consultation: 'C-1',
    sourceKey: 'decp:1',
    sender: 'profil-a',
    format: { name: 'decp-json', version: '2.0.4' },
    content,
  }
  return {
    specversion: '1.0',
    id: idOf(n),
    source: 'urn:socle:sandbox',
    type: 'fr.tncp.award.recorded.v1',
    subject: 'C-1',
    time: '2026-11-24T10:15:00.000Z',
    datacontenttype: 'application/json',
    partitionkey: 'C-1',
    hubseq: n,
    hubenvironment: 'sandbox',
    data: { document },
    ...more,
  }
}

/** Handles nothing and remembers the order. */
export function collector(): { readonly numbers: number[]; readonly handle: (event: HubEvent) => Promise<void> } {
  const numbers: number[] = []
  return { numbers, handle: async ({ hubseq }) => void numbers.push(hubseq) }
}
