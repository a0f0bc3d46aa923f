import type { Kind } from './kinds.ts'

/**
 * What a field says of a natural person. `contact`: how to reach one; `identity`: who it is; `address`: where it lives;
 * `declaration`: what it declares of itself, which may be a conviction.
 */
export type PersonalClass = 'contact' | 'identity' | 'address' | 'declaration'

export interface PersonalField {
  /** From the canonical form, `*` for any place of a list. */
  readonly path: string
  readonly class: PersonalClass
  /** Personal only where the same object says that it is a natural person. */
  readonly ofNaturalPersons?: true
}

const fields = (at: string, kind: PersonalClass, names: readonly string[]): readonly PersonalField[] =>
  names.map((name) => ({ path: at === '' ? name : `${at}/${name}`, class: kind }))

const ofPersons = (at: string, kind: PersonalClass, names: readonly string[]): readonly PersonalField[] =>
  fields(at, kind, names).map((field) => ({ ...field, ofNaturalPersons: true }))

const reach = ['email', 'phone', 'fax']
const streets = ['street', 'additionalStreet', 'addressLine', 'city', 'postCode']
const contact = ['name', 'phone', 'fax', 'email']

/** Every field of the canonical forms that is personal data; spec/personal-data.md has the same list. */
export const personalFields: Readonly<Record<Kind, readonly PersonalField[]>> = {
  notice: [
    ...fields('organisations/*', 'contact', ['contactPoint', ...reach]),
    ...ofPersons('organisations/*', 'identity', ['name', 'nameTranslations', 'id', 'otherIds', 'department']),
    ...ofPersons('organisations/*', 'address', streets),
    ...ofPersons('organisations/*', 'contact', ['website', 'endpoint']),
    ...fields('beneficialOwners/*', 'identity', ['firstName', 'familyName', 'nationalities']),
    ...fields('beneficialOwners/*', 'address', [...streets, 'nuts', 'country']),
    ...fields('beneficialOwners/*', 'contact', reach),
    ...fields('business', 'contact', ['contactPoint', ...reach, 'senderEmail']),
    ...fields('lots/*', 'identity', ['juryMembers', 'preselectedParticipants']),
    ...fields('parts/*', 'identity', ['juryMembers', 'preselectedParticipants']),
  ],
  'dume-request': [
    ...fields('buyer/contact', 'contact', contact),
    ...fields('serviceProvider/contact', 'contact', contact),
  ],
  'dume-response': [
    ...fields('buyer/contact', 'contact', contact),
    ...fields('serviceProvider/contact', 'contact', contact),
    ...fields('operator', 'identity', ['name']),
    ...fields('operator', 'address', ['address']),
    ...fields('operator', 'contact', ['contact', 'website', 'endpoint']),
    ...fields('operator', 'identity', ['representatives']),
    ...fields('', 'declaration', ['criteria', 'evidences']),
  ],
  // A sole trader trades under his own name, and the format does not tell him from a company.
  award: [...fields('winners/*', 'identity', ['name']), ...fields('modifications/*/winners/*', 'identity', ['name'])],
}

/** Stands for a value that may not travel and whose place must be filled. */
const filled: Readonly<Record<string, string>> = { 'organisations/*/name': '[identity]' }

/** The paths of a kind as a tree: what is copied is what leads to a personal field. */
interface Branch {
  readonly inner: Map<string, Branch>
  readonly field?: PersonalField
}

const trees = new Map<Kind, Branch>()

function treeOf(kind: Kind): Branch {
  const known = trees.get(kind)
  if (known) return known
  const root: Branch = { inner: new Map() }
  for (const field of personalFields[kind]) {
    let at = root
    const steps = field.path.split('/')
    for (const [place, step] of steps.entries()) {
      const next: Branch = at.inner.get(step) ?? { inner: new Map(), ...(place === steps.length - 1 ? { field } : {}) }
      at.inner.set(step, next)
      at = next
    }
  }
  trees.set(kind, root)
  return root
}

type Json = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/** A canonical form as it may travel by topic, webhook and feed. What holds nothing personal is shared, not copied. */
export function withoutPersonalData<T extends { readonly kind: Kind }>(canonical: T): T {
  return withhold(canonical, treeOf(canonical.kind), () => undefined) as T
}

/**
 * The personal values of a canonical form, as text. Not those of declarations: a list of criteria is mostly of words that
 * every such document has.
 */
export function personalValuesOf(canonical: { readonly kind: Kind }): readonly string[] {
  const found: string[] = []
  withhold(canonical, treeOf(canonical.kind), (value, { class: what }) => {
    if (what !== 'declaration') collect(value, found)
  })
  return found
}

type Seen = (value: unknown, field: PersonalField) => void

function withhold(value: unknown, { inner }: Branch, seen: Seen): unknown {
  const each = inner.get('*')
  if (Array.isArray(value) && each) return value.map((item: unknown) => withhold(item, each, seen))
  if (!isObject(value)) return value
  const copy: Record<string, unknown> = { ...value }
  for (const [name, branch] of inner) {
    if (!(name in copy)) continue
    const { field } = branch
    if (!field) copy[name] = withhold(copy[name], branch, seen)
    else if (!field.ofNaturalPersons || value['naturalPerson'] === true) {
      seen(copy[name], field)
      const placeholder = filled[field.path]
      if (placeholder === undefined) delete copy[name]
      else copy[name] = placeholder
    }
  }
  return copy
}

/** What an identifier is of, which is no secret. */
const registers = new Set(['scheme', 'agency'])

function collect(value: unknown, into: string[]): void {
  if (typeof value === 'string' || typeof value === 'number') into.push(String(value))
  else if (Array.isArray(value)) for (const item of value as readonly unknown[]) collect(item, into)
  else if (isObject(value))
    for (const [name, inner] of Object.entries(value)) if (!registers.has(name)) collect(inner, into)
}
