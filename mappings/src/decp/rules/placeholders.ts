import type { Finding } from '@socle/schemas'
import { type RecordView, found, textsWhere } from '../view.ts'

/** Where people write something to fill a mandatory field, and where the consolidation leaves its own marks. */
const places = [
  'id',
  'objet',
  'lieuExecution/code',
  'titulaires/*/titulaire/id',
  'concessionnaires/*/concessionnaire/id',
]

/** Words that stand for nothing, and the marks MQ, CDL and INX of the consolidated files, which are not data. */
const nothing =
  /^\s*(?:n\.?\s?c\.?|n\/?[ac]|néant|neant|non (?:communiqué|renseigné|défini)e?|inconnue?|sans objet|à (?:compléter|définir)|x{2,}|tests?|tbd|null|undefined|nan|lorem ipsum.*|mq(?: nc)?|cdl|inx(?: .*)?)\s*$/i

export function placeholders(view: RecordView): Finding[] {
  return places.flatMap((path) =>
    textsWhere(view, path, (text) => text.length < 40 && nothing.test(text)).map(({ pointer, value }) => {
      const property = pointer.slice(pointer.lastIndexOf('/') + 1)
      return found(view, 'DECP-PLACEHOLDER', { pointer, value }, { property })
    }),
  )
}
