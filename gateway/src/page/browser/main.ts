import type { Outcome } from '../outcome.ts'
import { chosenIn, type Chosen, droppedIn } from './gather.ts'
import { render } from './render.ts'
import { createVerifier } from './verifier.ts'
import { type Language, languageOf, type Words, words } from './words.ts'

function byId<T extends HTMLElement>(id: string): T {
  const found = document.getElementById(id)
  if (found === null) throw new Error(`the page has no ${id}`)
  return found as T
}

const verifier = createVerifier(byId('verifier').textContent)
const result = byId('result')
const status = byId('status')

/** Chosen so far; a file of the same path takes the place of the earlier one. */
let chosen = new Map<string, Chosen>()
let outcome: Outcome | undefined
let language: Language = languageOf(navigator.language)
/** What the status line says, in whatever language is shown. */
let said: keyof Pick<Words, 'working' | 'stopped' | 'failed' | 'noWorker'> | undefined

function show(): void {
  const spoken = words[language]
  document.documentElement.lang = language
  document.title = `${spoken.title} – Socle`
  for (const place of document.querySelectorAll<HTMLElement>('[data-text]')) {
    const text = spoken[place.dataset['text'] as keyof Words]
    if (typeof text === 'string') place.textContent = text
  }
  byId('languages').setAttribute('aria-label', spoken.languages)
  for (const name of ['fr', 'en']) byId(name).setAttribute('aria-pressed', String(name === language))
  const given = byId('given')
  given.hidden = chosen.size === 0
  given.querySelector('summary')?.replaceChildren(spoken.given(chosen.size))
  byId('again').hidden = chosen.size === 0
  byId('stop').hidden = said !== 'working'
  result.hidden = outcome === undefined
  document.body.classList.toggle('has-result', outcome !== undefined)
  result.replaceChildren(...(outcome === undefined ? [] : render(outcome, language)))
  status.textContent = outcome === undefined ? (said === undefined ? '' : spoken[said]) : summary(outcome, spoken)
}

/** Read aloud when a verification ends. */
function summary({ verdict }: Outcome, { verdicts }: Words): string {
  return verdicts[verdict].join('. ')
}

/** Names of the first files: a log has thousands. */
const maxNames = 500

async function add(more: readonly Chosen[]): Promise<void> {
  if (more.length === 0) return
  for (const one of more) chosen.set(one.path, one)
  const names = [...chosen.keys()].slice(0, maxNames).map((path) => {
    const line = document.createElement('li')
    line.textContent = path
    return line
  })
  byId('given')
    .querySelector('ul')
    ?.replaceChildren(...names)
  outcome = undefined
  said = 'working'
  show()
  const answer = await verifier.verify([...chosen.values()])
  if (answer === 'stopped') return
  said = answer === 'failed' ? 'failed' : answer === 'no-worker' ? 'noWorker' : undefined
  outcome = typeof answer === 'string' ? undefined : answer
  show()
  if (outcome !== undefined) byId('verdict').focus({ preventScroll: true })
}

function start(): void {
  for (const id of ['files', 'folder']) {
    const input = byId<HTMLInputElement>(id)
    input.addEventListener('change', () => {
      const more = chosenIn(input.files ?? new DataTransfer().files)
      // The same file can then be chosen again, once it was changed.
      input.value = ''
      void add(more)
    })
  }
  for (const name of ['fr', 'en'] as const) {
    byId(name).addEventListener('click', () => {
      language = name
      show()
    })
  }
  byId('stop').addEventListener('click', () => {
    verifier.stop()
    said = 'stopped'
    show()
  })
  byId('again').addEventListener('click', () => {
    verifier.stop()
    chosen = new Map()
    outcome = undefined
    said = undefined
    show()
    byId('files').focus()
  })
  acceptDrops()
  show()
}

function acceptDrops(): void {
  const body = document.body
  addEventListener('dragover', (event) => {
    event.preventDefault()
    body.classList.add('over')
  })
  addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) body.classList.remove('over')
  })
  addEventListener('drop', (event) => {
    // Without this the browser would open the file in the place of the page.
    event.preventDefault()
    body.classList.remove('over')
    if (event.dataTransfer === null) return
    droppedIn(event.dataTransfer).then(add, () => {
      said = 'failed'
      outcome = undefined
      show()
    })
  })
}

start()
