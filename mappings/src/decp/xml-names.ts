import type { DecpVersion } from './view.ts'

/** One element is spelt otherwise in XML than the property in JSON. */
const inXml: Readonly<Record<string, string>> = { modificationActeSousTraitance: 'modificationActesSousTraitance' }
const inJson: Readonly<Record<string, string>> = { modificationActesSousTraitance: 'modificationActeSousTraitance' }

/** Elements of a list; version 1 has them in XML and not in JSON. */
const items: Readonly<Record<string, string>> = {
  titulaires: 'titulaire',
  concessionnaires: 'concessionnaire',
  modifications: 'modification',
  donneesExecution: 'donneesAnnuelles',
  tarifs: 'tarif',
  actesSousTraitance: 'acteSousTraitance',
  modificationsActesSousTraitance: 'modificationActeSousTraitance',
}

export function elementOf(property: string): string {
  return inXml[property] ?? property
}

export function propertyOf(element: string): string {
  return inJson[element] ?? element
}

/** The property that each item of a list stands under in XML, and in JSON too from version 2 on. */
export function itemOf(list: string): string {
  return items[list] ?? list
}

export function hasWrappers(version: DecpVersion): boolean {
  return version === '2.0.4'
}
