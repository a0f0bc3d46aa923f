import type {
  DumeResponseAnswer,
  DumeResponseCriterion,
  DumeResponseGroup,
  DumeResponseItem,
  DumeResponseLegislation,
  DumeResponseSubCriterion,
} from '@socle/schemas'
import type { Loss } from '../translation.ts'
import { findCriterion } from './codes.ts'
import { countryOf, languageOf } from './countries.ts'

/**
 * Criteria of versions 2 and 3 as version 4 writes them: short codes, ids made of the place in the criterion, lots on
 * selection criteria. Criteria that version 4 dropped are left out, with their answers, and told.
 */
export function upgradeCriteria(
  criteria: readonly DumeResponseCriterion[],
  lots: readonly string[],
  losses: Loss[],
): DumeResponseCriterion[] {
  const kept = criteria.flatMap((criterion, index) => {
    const prefix = findCriterion(criterion.uuid, criterion.code)?.v4Prefix
    if (prefix !== undefined) return [upgradeCriterion(criterion, prefix, lots)]
    losses.push(dropped(criterion, index))
    return []
  })
  if (kept.length > 0) losses.push(renamed)
  if (criteria.some(({ family, lots: own }) => family === 'selection' && own === undefined)) losses.push(lotsAdded)
  return kept
}

const renamed: Loss = {
  field: '/criteria',
  message: {
    fr: 'Les identifiants des groupes et des questions sont remplacés par ceux de la version 4, formés de leur place.',
    en: 'The ids of groups and questions are replaced by those of version 4, made of their place.',
  },
}
const lotsAdded: Loss = {
  field: '/criteria',
  message: {
    fr: 'Les critères de sélection sont rattachés à tous les lots du document, ce que la version 4 exige.',
    en: 'Selection criteria are tied to every lot of the document, which version 4 asks for.',
  },
}

function dropped({ code, name = code, sourceCode = code }: DumeResponseCriterion, index: number): Loss {
  return {
    field: `/criteria/${index}`,
    message: {
      fr: `Le critère « ${name} » (${sourceCode}) n’existe plus en version 4 : il n’est pas écrit, ni ses réponses.`,
      en: `Criterion “${name}” (${sourceCode}) is no longer in version 4: neither it nor its answers are written.`,
    },
  }
}

function upgradeCriterion(own: DumeResponseCriterion, prefix: string, lots: readonly string[]): DumeResponseCriterion {
  const { sourceCode: _code, sourceId: _id, ...rest } = own
  const needsLots = own.family === 'selection' && own.lots === undefined
  return {
    ...rest,
    ...(own.family === 'other' ? { sourceId: prefix } : {}),
    ...(needsLots ? { lots } : {}),
    ...upgradeInner(own, prefix),
  }
}

/** What criteria and sub-criteria hold. */
function upgradeInner(
  own: Pick<DumeResponseSubCriterion, 'groups' | 'subCriteria' | 'legislation'>,
  prefix: string,
): Pick<DumeResponseSubCriterion, 'groups' | 'subCriteria' | 'legislation'> {
  const { groups, subCriteria, legislation } = own
  return {
    groups: groups.map((group) => upgradeGroup(group, prefix)),
    ...(subCriteria === undefined
      ? {}
      : { subCriteria: subCriteria.map((sub) => ({ ...sub, ...upgradeInner(sub, prefix) })) }),
    ...(legislation === undefined ? {} : { legislation: legislation.map(upgradeLaw) }),
  }
}

function upgradeLaw(law: DumeResponseLegislation): DumeResponseLegislation {
  return law.language === undefined ? law : { ...law, language: languageOf(law.language) }
}

function upgradeGroup(own: DumeResponseGroup, prefix: string): DumeResponseGroup {
  return {
    ...own,
    sourceId: `${prefix}/${own.key}`,
    items: own.items.map((item) => upgradeItem(item, prefix)),
    groups: own.groups.map((group) => upgradeGroup(group, prefix)),
  }
}

function upgradeItem(own: DumeResponseItem, prefix: string): DumeResponseItem {
  const { answers } = own
  return {
    ...own,
    // WEIGHT_INDICATOR is of 2.1.1 alone, and is answered by yes or no.
    type: own.type === 'WEIGHT_INDICATOR' ? 'INDICATOR' : own.type,
    sourceId: `${prefix}${own.key.slice(own.key.indexOf('/'))}`,
    ...(answers === undefined ? {} : { answers: answers.map((answer) => upgradeAnswer(answer, own.type)) }),
  }
}

function upgradeAnswer(own: DumeResponseAnswer, type: string): DumeResponseAnswer {
  const { code } = own.value
  const country = type === 'CODE_COUNTRY' && code !== undefined ? countryOf(code.code) : undefined
  if (country === undefined) return own
  const list = 'http://publications.europa.eu/resource/authority/country'
  return { ...own, value: { code: { code: country, list, listAgency: 'OP', listVersion: '20250924-0' } } }
}
