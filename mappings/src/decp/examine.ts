import {
  type Award,
  type Decp204ContratConcession,
  type Decp204Marche,
  type Finding,
  finding,
  isAccepted,
} from '@socle/schemas'
import { latestDayAnywhere } from '../calendar.ts'
import { type DecpShape, decpShape } from '../detect.ts'
import type { ExaminedRecord } from '../examination.ts'
import { readConcession, readMarche } from './read-award.ts'
import { businessRules } from './rules/all.ts'
import { checkStructure } from './structure.ts'
import { type DecpContract, type RecordView, isObject, mostFindings } from './view.ts'

export interface ExaminedDecp {
  readonly findings: readonly Finding[]
  readonly records: readonly ExaminedRecord[]
}

const contracts: readonly DecpContract[] = ['marche', 'contrat-concession']

/** Judges every record of a DECP file, each on its own: one that is refused does not take the others with it. */
export function examineDecp(root: unknown, now: Date | undefined): ExaminedDecp {
  const findings: Finding[] = rootFindings(root)
  const records: ExaminedRecord[] = []
  const today = now === undefined ? undefined : latestDayAnywhere(now)
  for (const { record, base, contract } of recordsOf(root)) {
    const index = records.length
    if (findings.length >= mostFindings) {
      records.push({ index, canonical: undefined })
      continue
    }
    const found =
      contract === undefined ? misplaced(record, base, index) : judgeRecord({ contract, record, index, base, today })
    findings.push(...found)
    // A rule stops counting at that many: what it did not say might have refused the record.
    const isKept = found.length < mostFindings && isAccepted(found)
    const canonical = contract !== undefined && isKept ? readRecord(contract, record) : undefined
    records.push({ index, canonical })
  }
  if (findings.length < mostFindings) return { findings, records }
  const more = finding('FORMAT-MORE-FINDINGS', { expected: String(mostFindings) })
  return { findings: [...findings.slice(0, mostFindings), more], records }
}

/** Both layers, whatever the first one found: a person corrects everything in one go. */
export function judgeRecord(view: RecordView): Finding[] {
  const found = checkStructure(view)
  for (const rule of businessRules) found.push(...rule(view))
  return found
}

// The schema has just accepted the record as this very type.
function readRecord(contract: DecpContract, record: unknown): Award {
  return contract === 'marche'
    ? readMarche(record as Decp204Marche)
    : readConcession(record as Decp204ContratConcession)
}

interface Located {
  readonly record: unknown
  readonly base: string
  /** Undefined when the record is not where 2.0.4 puts records. */
  readonly contract: DecpContract | undefined
}

function recordsOf(root: unknown): Located[] {
  if (Array.isArray(root)) return listed(root, '', undefined)
  if (!isObject(root)) return []
  const marches = root['marches']
  if (Array.isArray(marches)) return listed(marches, '/marches', undefined)
  if (isObject(marches)) {
    return [
      ...listed(marches['marche'], '/marches/marche', 'marche'),
      ...listed(marches['contrat-concession'], '/marches/contrat-concession', 'contrat-concession'),
    ]
  }
  if ('marches' in root) return []
  const loose = contracts.flatMap((contract) => listed(root[contract], `/${contract}`, undefined))
  return loose.length > 0 ? loose : [{ record: root, base: '', contract: undefined }]
}

function listed(list: unknown, base: string, contract: DecpContract | undefined): Located[] {
  if (!Array.isArray(list)) return []
  return list.map((record: unknown, place) => ({ record, base: `${base}/${place}`, contract }))
}

/** What is wrong with the file around its records. */
function rootFindings(root: unknown): Finding[] {
  const marches = isObject(root) ? root['marches'] : undefined
  if (!isObject(root) || !('marches' in root)) {
    return [finding('DECP-ROOT', { pointer: '', value: Array.isArray(root) ? '[…]' : keysOf(root) })]
  }
  if (marches === null || (Array.isArray(marches) && marches.length === 0)) {
    return [finding('DECP-NO-RECORD', { pointer: '/marches' })]
  }
  if (Array.isArray(marches)) return []
  if (!isObject(marches)) return [finding('DECP-ROOT', { pointer: '/marches', value: JSON.stringify(marches) })]
  const faults = otherThanLists(marches)
  if (faults.length > 0) return faults
  const isEmpty = Object.values(marches).every((list) => Array.isArray(list) && list.length === 0)
  return isEmpty ? [finding('DECP-NO-RECORD', { pointer: '/marches' })] : []
}

function otherThanLists(marches: Readonly<Record<string, unknown>>): Finding[] {
  const faults: Finding[] = []
  for (const [key, list] of Object.entries(marches)) {
    const isKnown = key === 'marche' || key === 'contrat-concession'
    if (isKnown && Array.isArray(list)) continue
    faults.push(finding('DECP-ROOT', { pointer: `/marches/${key}`, value: isKnown ? `${key} ≠ […]` : key }))
  }
  return faults
}

function misplaced(record: unknown, pointer: string, index: number): Finding[] {
  const at = { record: index, pointer }
  const shape: DecpShape = decpShape(record)
  switch (shape) {
    case '1.5.0':
      return [finding('DECP-VERSION-1', { ...at, expected: missingFromVersion1(record).join(', ') })]
    case '2.0.0':
      return [finding('DECP-VERSION-2-0-0', { ...at, expected: differences(record).join(' ; ') })]
    case '2.0.4':
      // Elsewhere than in a list called marches, the file has been told what it lacks already.
      return pointer.startsWith('/marches/') ? [finding('DECP-WRAPPER', at)] : []
    default:
      return [finding('DECP-ROOT', { ...at, value: keysOf(record) })]
  }
}

/** Required by 2.0.4 and unknown to 1.5: somebody must say them. The last two are all that is new in a concession. */
const newInVersion2 = [
  'techniques',
  'modalitesExecution',
  'marcheInnovant',
  'ccag',
  'offresRecues',
  'attributionAvance',
  'typeGroupementOperateurs',
  'typesPrix',
  'sousTraitanceDeclaree',
  'considerationsSociales',
  'considerationsEnvironnementales',
]

function missingFromVersion1(record: unknown): string[] {
  const required = hasKey(record, 'autoriteConcedante') ? newInVersion2.slice(-2) : newInVersion2
  return required.filter((name) => !hasKey(record, name))
}

/** Flat properties of 2.0.0 and the wrapped ones that took their place. */
const renamed: readonly (readonly [string, string])[] = [
  ['technique', 'techniques.technique'],
  ['modaliteExecution', 'modalitesExecution.modaliteExecution'],
  ['typePrix', 'typesPrix.typePrix'],
  ['considerationsSociales', 'considerationsSociales.considerationSociale'],
  ['considerationsEnvironnementales', 'considerationsEnvironnementales.considerationEnvironnementale'],
  ['titulaires', 'titulaires[].titulaire'],
  ['concessionnaires', 'concessionnaires[].concessionnaire'],
  ['modifications', 'modifications[].modification'],
  ['actesSousTraitance', 'actesSousTraitance[].acteSousTraitance'],
  ['modificationsActesSousTraitance', 'modificationsActesSousTraitance[].modificationActeSousTraitance'],
]

function differences(record: unknown): string[] {
  const wrappers = renamed.filter(([flat]) => hasKey(record, flat)).map(([flat, wrapped]) => `${flat} → ${wrapped}`)
  return ['marches[] → marches.marche[]', ...wrappers]
}

function hasKey(record: unknown, name: string): boolean {
  return isObject(record) && Object.hasOwn(record, name)
}

function keysOf(value: unknown): string {
  return isObject(value) ? `{${Object.keys(value).slice(0, 5).join(', ')}}` : JSON.stringify(value)
}
