import type { Canonical, Examination } from '@socle/mappings'
import { type Award, type DumeRequest, type DumeResponse, finding, type Finding, type Notice } from '@socle/schemas'

/** What the sender says beside the document, for formats that cannot say it themselves. */
export interface SenderHints {
  readonly buyer: string | undefined
  readonly consultation: string | undefined
}

/** Where a document belongs. */
export interface Routing {
  /** SIRET. */
  readonly buyer: string
  /**
   * Orders and groups what belongs together: the procedure id (eForms BT-04, ESPD ContractFolderID) where there is one.
   * No national id exists, so a document without one stands for itself under its source key.
   */
  readonly consultation: string
  /** Natural key at the source. An index to link by, never an identity: real buyers reuse contract numbers. */
  readonly sourceKey: string
  readonly findings: readonly Finding[]
}

const nowhere: Routing = { buyer: '', consultation: '', sourceKey: '', findings: [] }

/** Routing of an examined deposit, which carries exactly one record. A document that was refused belongs nowhere. */
export function routeOf(examination: Examination, hints: SenderHints): Routing {
  const { records } = examination
  if (records.length > 1)
    return { ...nowhere, findings: [finding('DEPOSIT-SEVERAL-RECORDS', { value: String(records.length) })] }
  const canonical = records[0]?.canonical
  return canonical ? routingOf(canonical, hints) : nowhere
}

/** Reads the routing from the canonical form, completes it from the sender's hints, and reports what contradicts. */
function routingOf(canonical: Canonical, hints: SenderHints): Routing {
  const stated = stateOf(canonical)
  const findings: Finding[] = []
  if (hints.buyer !== undefined && stated.buyer !== undefined && hints.buyer !== stated.buyer) {
    findings.push(finding('DEPOSIT-BUYER-MISMATCH', { value: hints.buyer, expected: stated.buyer }))
  }
  if (
    hints.consultation !== undefined &&
    stated.consultation !== undefined &&
    hints.consultation !== stated.consultation
  ) {
    findings.push(
      finding('DEPOSIT-CONSULTATION-MISMATCH', { value: hints.consultation, expected: stated.consultation }),
    )
  }
  const buyer = stated.buyer ?? hints.buyer
  if (buyer === undefined) findings.push(finding('DEPOSIT-BUYER-UNKNOWN', {}))
  return {
    buyer: buyer ?? '',
    consultation: stated.consultation ?? hints.consultation ?? stated.sourceKey,
    sourceKey: stated.sourceKey,
    findings,
  }
}

interface Stated {
  readonly buyer: string | undefined
  readonly consultation: string | undefined
  readonly sourceKey: string
}

function stateOf(canonical: Canonical): Stated {
  switch (canonical.kind) {
    case 'notice':
      return ofNotice(canonical)
    case 'dume-request':
      return ofDume(canonical, requestKey(canonical.uuid ?? canonical.id ?? canonical.procedureRef))
    case 'dume-response':
      return ofDume(canonical, `dume:${canonical.uuid ?? canonical.id ?? canonical.procedureRef}`)
    case 'award':
      return ofAward(canonical)
  }
}

function ofNotice(notice: Notice): Stated {
  const first = notice.buyers[0]
  const organisation = notice.organisations.find(({ ref }) => ref === first?.organisation)
  return {
    // Several buyers may stand together; the first is the one that the notice is published for.
    buyer: organisation?.id?.scheme === 'SIRET' ? organisation.id.value : undefined,
    consultation: notice.procedureId,
    sourceKey: `notice:${notice.id ?? ''}:${notice.version ?? ''}`,
  }
}

function ofDume({ buyer, procedureRef }: DumeRequest | DumeResponse, sourceKey: string): Stated {
  return { buyer: buyer.ids.find((id) => id.scheme === 'SIRET')?.value, consultation: procedureRef, sourceKey }
}

/** Source key of a request: responses cite the request by its UUID, and are compared with it. */
export function requestKey(uuid: string): string {
  return `dume-request:${uuid}`
}

function ofAward(award: Award): Stated {
  const buyer = award.buyer.scheme === 'SIRET' ? award.buyer.value : undefined
  return { buyer, consultation: undefined, sourceKey: `decp:${award.buyer.value}:${award.internalId}` }
}
