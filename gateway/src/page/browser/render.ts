import type { Item, Outcome } from '../outcome.ts'
import type { Language, Words } from './words.ts'
import { words } from './words.ts'

/** Lines of one thing that are shown at once; a damaged log has a fault an entry. */
const maxLines = 1_500

type Child = Node | string

/** An element with text and children. Text is only ever text: what files hold is never read as HTML. */
function element(
  name: string,
  attributes: Readonly<Record<string, string>>,
  ...children: readonly Child[]
): HTMLElement {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  made.append(...children)
  return made
}

/** Signs beside the words: verdicts are told by word, sign and colour, never by colour alone. */
const signs = { proved: '✓', failed: '✗', 'not-proved': '✗', 'not-checked': '–', unusable: '!', nothing: '–' } as const

function badge(kind: keyof typeof signs, text: string): HTMLElement {
  const sign = element('span', { class: 'sign', 'aria-hidden': 'true' }, signs[kind])
  return element('span', { class: `badge ${kind}` }, sign, ' ', text)
}

/** The whole result, in one language. */
export function render(outcome: Outcome, language: Language): readonly Node[] {
  const said = words[language]
  const [word, meaning] = said.verdicts[outcome.verdict]
  const heading = element('h2', { id: 'verdict', class: `verdict ${outcome.verdict}`, tabindex: '-1' })
  heading.append(badge(outcome.verdict, word), element('span', { class: 'meaning' }, meaning))
  return [
    heading,
    ...outcome.items.map((item) => renderItem(item, language)),
    ...renderUnused(outcome, language),
    ...renderKeys(outcome, said),
  ]
}

function renderItem({ kind, name, command, verdict, checks }: Item, language: Language): Node {
  const said = words[language]
  const title = element('h3', {}, badge(verdict, said.verdicts[verdict][0]), ' ', said.kinds[kind], ' ')
  title.append(element('code', {}, name))
  const count = (result: string): number => checks.filter((check) => check.result === result).length
  const counts = said.counts(count('proved'), count('failed'), count('not-checked'))
  const lines = checks.slice(0, maxLines).map(({ place, result, message, detail }) => {
    const reason = detail === undefined ? [] : [element('span', { class: 'detail', lang: 'en' }, ` [${detail}]`)]
    const text = element('span', { class: 'said' }, message[language], ...reason)
    // The thing itself is named above its lines.
    const shown = place.startsWith(`${name}!/`) ? place.slice(name.length + 2) : place
    const code = element('code', { 'data-place': place }, shown)
    return element('li', { 'data-result': result }, badge(result, said.results[result]), code, text)
  })
  const rest = checks.length - lines.length
  const list = element('ul', { class: 'checks' }, ...lines)
  if (rest > 0) list.append(element('li', {}, said.more(rest)))
  const item = element('article', { 'data-verdict': verdict }, title, element('p', { class: 'counts' }, counts), list)
  if (command.length > 0) item.append(renderCommand(command, said))
  return item
}

function renderCommand(command: readonly string[], said: Words): Node {
  const quoted = command.map((part) => (/^[\w./@%+=:,-]+$/.test(part) ? part : `'${part.replaceAll("'", `'\\''`)}'`))
  return element('p', { class: 'command' }, said.command, ' ', element('code', {}, `socle verify ${quoted.join(' ')}`))
}

function renderUnused({ unused }: Outcome, language: Language): readonly Node[] {
  if (unused.length === 0) return []
  const said = words[language]
  const lines = unused
    .slice(0, maxLines)
    .map(({ name, message }) =>
      element(
        'li',
        {},
        badge('not-checked', said.results['not-checked']),
        element('code', {}, name),
        message[language],
      ),
    )
  return [element('h3', {}, said.unused), element('ul', { class: 'checks' }, ...lines)]
}

function renderKeys({ keys }: Outcome, said: Words): readonly Node[] {
  if (keys.length === 0) return []
  const lines = keys.map(({ file, value }) =>
    element('li', {}, element('strong', {}, file), ' ', element('code', { class: 'key' }, value)),
  )
  return [element('h3', {}, said.keys), element('p', {}, said.keysHint), element('ul', { class: 'keys' }, ...lines)]
}
