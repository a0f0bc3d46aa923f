import { finding } from '@socle/schemas'
import { judgeSiret } from '../../identifiers/siret.ts'
import { textOf, xpathOf } from '../../xml/node.ts'
import { all, first, placeOf, textAt } from '../../xml/path.ts'
import { claimsSiret, digitsOf } from '../parties.ts'
import { at } from '../paths.ts'
import { type Judging, type Needed, isV2, requireAll } from './judging.ts'

/** BR-RESP-10-04 to 10-07, below the operator's party. */
const requiredOfOperator: readonly Needed[] = [
  ['partyIds', 'identifiant de l’opérateur', 'operator id'],
  ['partyName', 'nom de l’opérateur', 'operator name'],
  ['country', 'pays de l’opérateur', 'operator country'],
  ['size', 'taille de l’opérateur', 'operator size'],
]
/** BR-RESP-10-09 to 10-11 and BR-REQ-20-05 to 20-07. */
const requiredOfProvider: readonly Needed[] = [
  ['partyName', 'nom du prestataire', 'service provider name'],
  ['country', 'pays du prestataire', 'service provider country'],
  ['partyIds', 'identifiant du prestataire', 'service provider id'],
]
/** BR-RESP-20-01 to 20-03. */
const requiredOfRepresentative: readonly Needed[] = [
  ['firstName', 'prénom du représentant', 'first name of the representative'],
  ['familyName', 'nom du représentant', 'family name of the representative'],
  ['residence', 'pays du représentant', 'country of the representative'],
]
/** BR-REQ-20-02 and 20-03. */
const requiredOfBuyer: readonly Needed[] = [
  ['partyName', 'nom de l’acheteur', 'buyer name'],
  ['country', 'pays de l’acheteur', 'buyer country'],
]

export function judgeOperator({ root, reading, found }: Judging): void {
  const party = first(root, at('operatorParty'))
  const rule = 'ESPD-OPERATOR'
  if (party === undefined) {
    const label = { labelFr: 'opérateur économique', labelEn: 'economic operator' }
    found.push(finding(rule, { xpath: placeOf(root, at('operatorParty')) }, label))
    return
  }
  requireAll(party, requiredOfOperator, found, { rule })
  const isBasic = isV2(reading) && textAt(root, at('applicationType'))?.toUpperCase() !== 'EXTENDED'
  if (!isBasic) requireAll(root, [['role', 'rôle de l’opérateur', 'operator role']], found, { rule })
  for (const power of all(party, at('powers')))
    requireAll(power, requiredOfRepresentative, found, { rule: 'ESPD-REPRESENTATIVE' })
}

export function judgeProvider({ root, found }: Judging): void {
  for (const party of all(root, at('providerParty')))
    requireAll(party, requiredOfProvider, found, { rule: 'ESPD-PROVIDER' })
}

/** BR-REQ-20: who asks. */
export function judgeBuyer({ root, found }: Judging): void {
  const buyers = all(root, at('contractingParty'))
  if (buyers.length > 1) {
    const place = { xpath: placeOf(root, at('contractingParty')), value: String(buyers.length), expected: '1' }
    found.push(finding('ESPD-BUYER-COUNT', place))
  }
  for (const party of all(root, at('buyerParty'))) {
    requireAll(party, requiredOfBuyer, found, { rule: 'ESPD-BUYER', empty: 'warn' })
    requireAll(party, [['partyIds', 'identifiant de l’acheteur', 'buyer id']], found, {
      rule: 'ESPD-BUYER',
      severity: 'warn',
    })
  }
}

const siretRules = { form: 'HUB-SIRET-FORM', siren: 'HUB-SIREN-LUHN', nic: 'HUB-SIRET-NIC' } as const

/** A doubtful number is told, not refused: the reader of the document decides. */
export function judgeSirets({ root, found }: Judging): void {
  for (const party of [...all(root, at('buyerParty')), ...all(root, at('operatorParty'))]) {
    const country = textAt(party, at('country'))
    for (const id of all(party, at('partyIds'))) {
      if (!claimsSiret(id, country)) continue
      const digits = digitsOf(id)
      const value = textOf(id) ?? ''
      const verdict = judgeSiret(digits)
      const place = { xpath: xpathOf(id), value }
      if (verdict !== 'valid') found.push(finding(siretRules[verdict], { ...place, severity: 'warn' }))
      if (verdict !== 'form' && digits !== value)
        found.push(finding('HUB-SIRET-SPACES', { ...place, expected: digits }))
    }
  }
}
