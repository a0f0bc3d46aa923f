import type { Award, DumeRequest, DumeResponse, Notice } from '@socle/schemas'
import { writeDecpJson, writeDecpXml } from './decp/write.ts'
import { writeEforms } from './eforms/write.ts'
import { writeEspdRequest, writeEspdResponse } from './espd/write.ts'
import type { Canonical } from './examination.ts'
import type { Unwritable, Written } from './translation.ts'

/** Formats that can be written. `canonical` is the hub's own JSON; eForms is written in the SDK version it came in. */
export const targets = ['canonical', 'eforms', 'espd', 'decp-json', 'decp-xml'] as const

export type Target = (typeof targets)[number]

/**
 * Writes a canonical form in a format. `losses` tells what the format cannot carry; `missing` what a person must give
 * before it can be written at all. Undefined when the format is of another kind: an award is not a notice, and neither
 * is made from the other (an award notice lacks eight mandatory fields of the award data, and the reverse).
 */
export function translate(canonical: Canonical, to: Target): Written | Unwritable | undefined {
  if (to === 'canonical') {
    return { content: `${JSON.stringify(canonical, undefined, 2)}\n`, mediaType: 'application/json', losses: [] }
  }
  return writers[canonical.kind]?.[to]?.(canonical)
}

type Writer = (canonical: Canonical) => Written | Unwritable

// Each writer is found under the kind it writes, so the canonical form it is given is of that kind.
const writers: Readonly<Partial<Record<Canonical['kind'], Partial<Record<Target, Writer>>>>> = {
  notice: { eforms: (canonical) => writeEforms(canonical as Notice) },
  'dume-response': { espd: (canonical) => writeEspdResponse(canonical as DumeResponse) },
  'dume-request': { espd: (canonical) => writeEspdRequest(canonical as DumeRequest) },
  award: {
    'decp-json': (canonical) => writeDecpJson(canonical as Award),
    'decp-xml': (canonical) => writeDecpXml(canonical as Award),
  },
}
