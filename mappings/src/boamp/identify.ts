import type { OrganisationId } from '@socle/schemas'
import { isSiren, judgeSiret } from '../identifiers/siret.ts'
import type { XmlNode } from '../xml/node.ts'
import { textOf } from '../xml/node.ts'
import { choicesIn, isFilled, nodesAt } from './nodes.ts'
import { type Reading, placeBelow, tell, tellAt } from './reading.ts'
import type { Table } from './table.ts'

function digitsOf(value: string): string {
  return value.replaceAll(/[\s.\u00a0\u202f]/g, '')
}

function nodeIn(table: Table, reading: Reading): XmlNode | undefined {
  const paths = table[reading.form].flatMap((row) => row.paths)
  return paths.flatMap((path) => nodesAt(reading.roots, path)).find(isFilled)
}

/** Ways a form says that the number is no SIRET: VAT, a foreign register… */
function isOtherRegister({ roots: { O: buyer } }: Reading): boolean {
  const types = buyer?.children.filter(({ name }) => /^(?:typeIdentificationNational|TYPE_IDENT_NATIONAL)$/.test(name))
  const given = types?.flatMap(choicesIn) ?? []
  return given.length > 0 && !given.some((type) => type.toLowerCase() === 'siret')
}

/** The number of the buyer. A French buyer owes a SIRET: its absence is a warning, a wrong one a refusal. */
export function identifyBuyer(table: Table, reading: Reading): OrganisationId | undefined {
  const node = nodeIn(table, reading)
  const value = textOf(node)
  if (node === undefined || value === undefined) {
    const { O: buyer, D: form } = reading.roots
    const above = buyer ?? form
    if (above !== undefined) tellAt(reading, 'HUB-BUYER-MISSING', placeBelow(reading, above, ''))
    return undefined
  }
  if (isOtherRegister(reading)) return { scheme: 'OTHER', value: value.slice(0, 100) }
  const digits = digitsOf(value)
  const verdict = judgeSiret(digits)
  if (verdict === 'form') {
    tell(reading, 'HUB-SIRET-FORM', node, { value })
    return { scheme: 'OTHER', value: value.slice(0, 100) }
  }
  if (digits !== value) tell(reading, 'HUB-SIRET-SPACES', node, { value, expected: digits })
  if (verdict === 'siren') tell(reading, 'HUB-SIREN-LUHN', node, { value })
  if (verdict === 'nic') tell(reading, 'HUB-SIRET-NIC', node, { value })
  return { scheme: 'SIRET', value: digits }
}

/** The number of a winner: whichever register it fits. */
export function identifyWinner(table: Table, reading: Reading): OrganisationId | undefined {
  const value = textOf(nodeIn(table, reading))
  if (value === undefined) return undefined
  const digits = digitsOf(value)
  if (judgeSiret(digits) === 'valid') return { scheme: 'SIRET', value: digits }
  return isSiren(digits) ? { scheme: 'SIREN', value: digits } : { scheme: 'OTHER', value: value.slice(0, 100) }
}
