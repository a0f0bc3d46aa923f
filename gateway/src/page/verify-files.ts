import type { Message } from '@socle/schemas'
import { describeTrust, loadTrust } from '../audit/load-trust.ts'
import { messages } from '../audit/messages.ts'
import { verifyPath, type VerifyPathOptions } from '../audit/verify.ts'
import { type FoundKeys, keysIn } from './find-keys.ts'
import type { Item, ItemKind, KeyShown, Outcome, Unused } from './outcome.ts'
import { pageMessages } from './page-messages.ts'
import { inOrder, pairDocuments, pairTokens } from './pair-files.ts'
import { type GivenFile, mount } from './shims/files.ts'
import { type Given, nameOf, type Sorted, sortFiles } from './sort-files.ts'

/** Where the files stand in the small tree that the verifier walks. */
const place = { files: '/files', trust: '/trust' } as const

/**
 * Verifies whatever was given: finds out what each file is, then does what `socle verify` does for each thing.
 * @param now for what depends on the day, as the command takes it from the computer's clock
 * @throws Error when a file can no longer be read
 */
export async function verifyFiles(given: Given, now: Date): Promise<Outcome> {
  const sorted = sortFiles(given)
  const keys = keysIn(given, sorted)
  if (keys.conflict !== undefined) return stopped([{ name: keys.conflict, message: pageMessages.twoKeys }])
  const tokens = pairTokens(sorted.checkpoints, sorted.tokens)
  const documents = pairDocuments(given, sorted.receipts, sorted.documents)
  mount(treeOf(given, keys, tokens))

  const runs = runsOf(given, sorted, documents)
  const possible = runs.filter(({ kind }) => keys.files.size > 0 || kind === 'export')
  const items: Item[] = []
  for (const run of possible) items.push(await verify(run, keys, now))
  const left = leftOf(sorted, { tokens, documents })
  items.push(...left.items)
  const unused = [...sorted.unread, ...left.unused]
  if (possible.length < runs.length) unused.unshift({ name: 'log.vkey', message: pageMessages.keysMissing })
  return { verdict: verdictOf(items, runs.length, sorted.unread.length > 0), keys: keysShown(), items, unused }
}

function stopped(unused: readonly Unused[]): Outcome {
  return { verdict: 'unusable', keys: [], items: [], unused }
}

interface Run {
  readonly kind: ItemKind
  readonly path: string
  readonly content?: string
  readonly from?: string
}

/** An export is compared with each checkpoint that was kept; without one, the largest checkpoint with each other. */
function runsOf(given: Given, sorted: Sorted, documents: ReadonlyMap<string, string>): Run[] {
  const checkpoints = inOrder(given, sorted.checkpoints)
  const latest = sorted.exports.length > 0 ? undefined : checkpoints.pop()
  const heads: Run[] = [
    ...sorted.exports.map((path): Run => ({ kind: 'export', path })),
    ...(latest === undefined ? [] : [{ kind: 'checkpoint', path: latest } as const]),
  ]
  const compared = heads.flatMap((run): Run[] =>
    checkpoints.length === 0 ? [run] : checkpoints.map((from) => ({ ...run, from })),
  )
  const receipts = sorted.receipts.map((path): Run => {
    const content = documents.get(path)
    return { kind: 'receipt', path, ...(content === undefined ? {} : { content }) }
  })
  return [...sorted.containers.map((path): Run => ({ kind: 'container', path })), ...receipts, ...compared]
}

async function verify({ kind, path, content, from }: Run, { inExport, files }: FoundKeys, now: Date): Promise<Item> {
  // Keys that came inside an export are looked for there by the verifier itself, which then says so.
  const hasTrust = files.size > 0 && !(kind === 'export' && inExport)
  const others = { ...(content === undefined ? {} : { content }), ...(from === undefined ? {} : { from }) }
  const options: VerifyPathOptions = {
    now,
    ...(hasTrust ? { trust: place.trust } : {}),
    ...Object.fromEntries(Object.entries(others).map(([name, file]) => [name, `${place.files}/${file}`])),
  }
  const { verdict, checks } = await verifyPath(`${place.files}/${path}`, options)
  const shown = { ...others, ...(hasTrust ? { trust: 'trust' } : {}) }
  const command = [path, ...Object.entries(shown).flatMap(([name, value]) => [`--${name}`, value])]
  return { kind, name: path, command, verdict, checks }
}

/** A token stands where the verifier looks for it: beside its checkpoint, under its name. */
function treeOf(given: Given, keys: FoundKeys, tokens: ReadonlyMap<string, string>): Map<string, GivenFile> {
  const tree = new Map<string, GivenFile>()
  for (const [path, file] of given) tree.set(`${place.files}/${path}`, file)
  for (const [name, file] of keys.files) tree.set(`${place.trust}/${name}`, file)
  for (const [checkpoint, token] of tokens) {
    const file = given.get(token)
    if (file !== undefined) tree.set(`${place.files}/${checkpoint}.tsr`, file)
  }
  return tree
}

interface Pairs {
  readonly tokens: ReadonlyMap<string, string>
  readonly documents: ReadonlyMap<string, string>
}

/** What no receipt and no checkpoint asked for. Beside receipts, a document that none covers is a failure. */
function leftOf(sorted: Sorted, { tokens, documents }: Pairs): { items: Item[]; unused: Unused[] } {
  const claimed = new Set(documents.values())
  const dated = new Set(tokens.values())
  const alone = sorted.documents.filter((path) => !claimed.has(path))
  const told = (paths: readonly string[], message: Message): Unused[] => paths.map((name) => ({ name, message }))
  const lostTokens = sorted.tokens.filter((path) => !dated.has(path))
  const unused = [...told(lostTokens, pageMessages.tokenAlone), ...told(sorted.proofs, pageMessages.proofAlone)]
  if (sorted.receipts.length === 0)
    return { items: [], unused: [...unused, ...told(alone, pageMessages.documentAlone)] }
  const items = alone.map((path): Item => {
    const checks = [{ place: nameOf(path), result: 'failed', message: messages.documentUnclaimed } as const]
    return { kind: 'document', name: path, command: [], verdict: 'not-proved', checks }
  })
  return { items, unused }
}

/** Whoever gave a file that was not read must not be told that what was given is proved. */
function verdictOf(items: readonly Item[], wanted: number, hasUnread: boolean): Outcome['verdict'] {
  const has = (verdict: Item['verdict']): boolean => items.some((item) => item.verdict === verdict)
  if (has('not-proved')) return 'not-proved'
  if (has('unusable') || hasUnread) return 'unusable'
  if (items.length > 0) return items.length < wanted ? 'unusable' : 'proved'
  return wanted > 0 ? 'unusable' : 'nothing'
}

/** None when a file of keys is damaged: the verifier says which. */
function keysShown(): KeyShown[] {
  try {
    const told = describeTrust(loadTrust([place.trust])).split(', ')
    return told
      .filter((key) => key !== '')
      .map((key) => ({ file: key.split(' ', 1)[0] ?? '', value: key.split(' ').slice(1).join(' ') }))
  } catch {
    return []
  }
}
