import type { Deposit } from './deposits.ts'
import type { Evidence } from './evidence.ts'
import { createVerdict, type Verdict } from './verdict.ts'

/** Members that the data of a confidential document's event may have: where it stands, and what became of it. */
const open: ReadonlySet<string> = new Set(['document', 'outcome'])

/** So much of the bytes in base64 is found whatever follows. */
const payloadStart = 160

/**
 * A confidential document travels as a reference: no event carries its bytes, its canonical form or a name in it, and
 * without a mandate nobody gets any event of it.
 */
export function confidential({ topics, applied, run }: Evidence, deposits: ReadonlyMap<string, Deposit>): Verdict {
  const verdict = createVerdict('confidential')
  const own = [...deposits.values()].filter(({ sent }) => sent?.secrets !== undefined)
  const ids = new Set(own.flatMap(({ entry }) => entry?.id ?? []))
  const words = new Set(
    own.flatMap(({ sent }) => [...(sent?.secrets ?? []), sent?.content.slice(0, payloadStart) ?? '']),
  )
  const told = (place: string, text: string): void => {
    verdict.look()
    for (const word of words) if (text.includes(word)) verdict.fault(`${place}: carries "${word.slice(0, 60)}"`)
  }
  // Without a document to look for, nothing was looked at.
  if (ids.size === 0) return verdict.end()
  for (const { topic, partition, offset, key, headers, value } of topics) {
    const place = `${topic}/${partition} offset ${offset}`
    told(place, [key, ...Object.values(headers), value].join('\n'))
    for (const member of membersOf(value, ids)) verdict.fault(`${place}: carries ${member} of a confidential document`)
  }
  const mandated = new Set(run.subscribers.filter((one) => one.mandated).map(({ name }) => name))
  for (const { subscriber, id, text } of applied) {
    told(`${subscriber}, event ${id}`, text)
    const about = documentIn(text)
    if (!mandated.has(subscriber) && (ids.has(id) || (about !== undefined && ids.has(about))))
      verdict.fault(`${subscriber}: event ${id}, without a mandate`)
  }
  return verdict.end()
}

/** Members beyond the open ones, in the data of an event of one of these documents. */
function membersOf(value: string, ids: ReadonlySet<string>): readonly string[] {
  const data = parse(value)
  const id = idOf(data['document'])
  return id !== undefined && ids.has(id) ? Object.keys(data).filter((member) => !open.has(member)) : []
}

/** Id of the document that an event is about, read by the kit or as it came. */
function documentIn(text: string): string | undefined {
  const event = parse(text)
  return idOf(event['document']) ?? idOf((event['data'] as Record<string, unknown> | undefined)?.['document'])
}

function idOf(document: unknown): string | undefined {
  const { id } = (document ?? {}) as { readonly id?: unknown }
  return typeof id === 'string' ? id : undefined
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    return { ...(JSON.parse(text) as object) }
  } catch {
    return {}
  }
}
