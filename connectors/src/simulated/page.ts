import type { HubEvent } from '../kit/hub-event.ts'
import { isObject } from '../kit/answers.ts'

/**
 * The page a profile shows for a document it received. Everything in it came from somebody else: it is escaped, and the
 * page runs no script.
 */
export function pageOf(event: HubEvent, receivedAt: Date): string {
  const { document } = event
  const title = titleOf(event)
  const facts: readonly (readonly [string, string])[] = [
    ['Nature', kindNames[document.kind]],
    ['Acheteur (SIRET)', document.buyer],
    ['Consultation', document.consultation],
    ['Date limite', deadlineOf(event) ?? 'non précisée'],
    ['Format reçu', `${document.format.name} ${document.format.version}`.trim()],
    ['Document', document.id],
    ['Empreinte SHA-256', document.content?.sha256 ?? ''],
    ['Enregistré par le socle', event.time],
    ['Publié ici', receivedAt.toISOString()],
  ]
  const rows = facts.map(([name, value]) => `<dt>${escape(name)}</dt><dd>${escape(value)}</dd>`).join('\n')
  return `<!doctype html>
<html lang="fr">
<head><meta charset="utf-8"><title>${escape(title)}</title></head>
<body>
<main>
<h1>${escape(title)}</h1>
<dl>
${rows}
</dl>
</main>
</body>
</html>
`
}

const kindNames = {
  notice: 'Avis de marché',
  award: "Données d'attribution",
  'dume-request': 'Demande e-DUME',
  'dume-response': 'Réponse e-DUME',
} as const

/** A notice has a text with its language, an award a plain text, and a document by reference has neither. */
export function titleOf({ canonical, document }: HubEvent): string {
  const title = canonical?.['title']
  if (typeof title === 'string') return title
  if (isObject(title) && typeof title['text'] === 'string') return title['text']
  return `${kindNames[document.kind]} ${document.consultation}`
}

/** The first deadline for tenders, or else for requests, among the lots, as the buyer wrote it. */
function deadlineOf({ canonical }: HubEvent): string | undefined {
  const lots: unknown = canonical?.['lots']
  const found = (Array.isArray(lots) ? lots : []).flatMap((lot: unknown) => {
    const deadlines = isObject(lot) && isObject(lot['deadlines']) ? lot['deadlines'] : {}
    const moment = deadlines['tenders'] ?? deadlines['requests']
    return isObject(moment) && typeof moment['asWritten'] === 'string' ? [moment['asWritten']] : []
  })
  return found.sort()[0]
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}
