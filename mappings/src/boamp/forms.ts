import type { XmlNode } from '../xml/node.ts'
import { childAt } from './nodes.ts'
import type { FormMark, Roots } from './reading.ts'

/** A form that is read, found in the data of a notice. */
export interface FoundForm {
  readonly format: string
  readonly mark: FormMark
  readonly roots: Roots
}

const modern: Readonly<Record<string, readonly [format: string, mark: FormMark]>> = {
  FNSimple: ['boamp-fnsimple', 'f'],
  MAPA: ['boamp-mapa', 'm'],
  DSP: ['boamp-dsp', 'd'],
  DIVERS: ['boamp-divers', 'd'],
}

const sections = ['initial', 'attribution', 'rectificatif', 'annulation', 'modification']

/** Names of the forms, for those who sent another one. */
export const formNames: string = [...Object.keys(modern), 'EFORMS', 'IDENTITE + OBJET'].join(', ')

/**
 * The form of a notice by the element its data hold: FNSimple, MAPA, DSP, DIVERS, or the old form whose parts stand in the
 * data themselves. Undefined for any other.
 */
export function formIn(data: XmlNode): FoundForm | undefined {
  for (const form of data.children) {
    const known = modern[form.name]
    if (known === undefined) continue
    const [format, mark] = known
    const body = sections.map((name) => childAt(form, name)).find((each) => each !== undefined)
    const buyer = childAt(form, 'organisme')
    return {
      format,
      mark,
      roots: { D: form, ...(body === undefined ? {} : { B: body }), ...(buyer === undefined ? {} : { O: buyer }) },
    }
  }
  const buyer = childAt(data, 'IDENTITE')
  return buyer === undefined ? undefined : { format: 'boamp-xml', mark: 'x', roots: { D: data, O: buyer } }
}

const noticeNames = ['ContractNotice', 'ContractAwardNotice', 'PriorInformationNotice']

/** The eForms notice that data hold, under `EFORMS`. */
export function eformsIn(data: XmlNode): XmlNode | undefined {
  return childAt(data, 'EFORMS')?.children.find(({ name }) => noticeNames.includes(name))
}
