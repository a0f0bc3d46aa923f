import { type Cosignature, parseWitnessKey, readCosignatures } from './cosignature.ts'
import { type NoteVerifier, parseVkey } from './note.ts'
import { ProofError } from './proof-error.ts'

/** Beyond what the specification asks an implementation to bear; a larger file is refused. */
const limits = { length: 65_536, components: 64 } as const

/** A witness, or `threshold` of some components named before it. */
type Component = NoteVerifier | Group

interface Group {
  readonly threshold: number
  readonly members: readonly Component[]
}

/** Which witnesses are believed, and how many of them a checkpoint needs. */
export interface WitnessPolicy {
  readonly witnesses: readonly NoteVerifier[]
  /** Undefined: `quorum none`. */
  readonly quorum: Component | undefined
}

interface Known {
  readonly components: Map<string, Component>
  readonly witnesses: NoteVerifier[]
  /** Members of a group already: each counts in one way only. */
  readonly taken: Set<string>
  quorum: { readonly component: Component | undefined } | undefined
}

/**
 * Reads a C2SP tlog-policy: lines `witness NAME VKEY [URL]`, `group NAME K|any|all MEMBER…`, `quorum NAME|none`. Lines
 * `log VKEY` are checked and passed over: which log is believed stands in `log.vkey`.
 * @throws ProofError naming the line
 */
export function parseWitnessPolicy(text: string): WitnessPolicy {
  if (text.length > limits.length) throw new ProofError('the policy is too long')
  // eslint-disable-next-line no-control-regex -- the specification forbids exactly these
  if (/[\u0000-\u0008\u000b-\u001f\u007f]/.test(text)) throw new ProofError('the policy has control characters')
  const known: Known = { components: new Map(), witnesses: [], taken: new Set(), quorum: undefined }
  for (const [at, line] of text.split('\n').entries()) {
    const words = line.split(/[ \t]+/).filter((word) => word !== '')
    if (words.length === 0 || words[0]?.startsWith('#') === true) continue
    try {
      readLine(words, known)
    } catch (cause) {
      throw new ProofError(`line ${at + 1} of the policy: ${cause instanceof Error ? cause.message : ''}`, { cause })
    }
  }
  if (!known.quorum) throw new ProofError('the policy has no quorum line')
  return { witnesses: known.witnesses, quorum: known.quorum.component }
}

function readLine([keyword, ...words]: readonly string[], known: Known): void {
  if (keyword === 'log') return readLog(words)
  if (keyword === 'witness') return readWitness(words, known)
  if (keyword === 'group') return readGroup(words, known)
  if (keyword === 'quorum') return readQuorum(words, known)
  throw new ProofError('it begins with none of log, witness, group, quorum')
}

function readLog(words: readonly string[]): void {
  if (words.length < 1 || words.length > 2) throw new ProofError('log VKEY [URL]')
  parseVkey(words[0] ?? '')
}

function readWitness([name, vkey, , ...rest]: readonly string[], known: Known): void {
  if (name === undefined || vkey === undefined || rest.length > 0) throw new ProofError('witness NAME VKEY [URL]')
  const witness = parseWitnessKey(vkey)
  if (known.witnesses.some(({ publicKey }) => publicKey.equals(witness.publicKey)))
    throw new ProofError('the same key as another witness')
  known.witnesses.push(witness)
  define(name, witness, known)
}

function readGroup([name, threshold, ...names]: readonly string[], known: Known): void {
  if (name === undefined || threshold === undefined || names.length === 0)
    throw new ProofError('group NAME K|any|all MEMBER…')
  const members = names.map((member) => {
    if (known.taken.has(member)) throw new ProofError(`${member} is a member already`)
    known.taken.add(member)
    return componentOf(member, known)
  })
  const words: Readonly<Record<string, number>> = { any: 1, all: members.length }
  const count = words[threshold] ?? (/^[1-9]\d?$/.test(threshold) ? Number(threshold) : 0)
  if (count < 1 || count > members.length) throw new ProofError(`${threshold} of ${members.length} members`)
  define(name, { threshold: count, members }, known)
}

function readQuorum([name, ...rest]: readonly string[], known: Known): void {
  if (name === undefined || rest.length > 0) throw new ProofError('quorum NAME')
  if (known.quorum) throw new ProofError('a second quorum line')
  known.quorum = { component: name === 'none' ? undefined : componentOf(name, known) }
}

function define(name: string, component: Component, { components }: Known): void {
  if (name === 'none' || components.has(name)) throw new ProofError(`the name ${name} is taken`)
  if (components.size >= limits.components) throw new ProofError(`more than ${limits.components} names`)
  components.set(name, component)
}

function componentOf(name: string, { components }: Known): Component {
  const component = components.get(name)
  if (!component) throw new ProofError(`${name} is not defined above`)
  return component
}

/**
 * The good cosignatures under a checkpoint, once they satisfy the policy.
 * @throws ProofError when they do not, or one of a known witness is bad
 */
export function requireQuorum(note: string, { witnesses, quorum }: WitnessPolicy): readonly Cosignature[] {
  const found = readCosignatures(note, witnesses)
  const cosigned = new Set<Component>(found.map(({ witness }) => witness))
  if (quorum && !isSatisfied(quorum, cosigned))
    throw new ProofError(`cosigned by ${found.length} of ${witnesses.length} known witnesses: no quorum`)
  return found
}

function isSatisfied(component: Component, cosigned: ReadonlySet<Component>): boolean {
  if (!('members' in component)) return cosigned.has(component)
  return component.members.filter((member) => isSatisfied(member, cosigned)).length >= component.threshold
}
