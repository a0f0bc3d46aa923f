/**
 * What a business field is in a source document. Law lets a buyer withhold a value until a day (BT-195 to BT-198);
 * a form may have no place for it at all. Neither is the same as forgetting it, so both are told apart.
 */
export type FieldState = 'present' | 'withheld' | 'absent' | 'not-applicable'

/** One field of the canonical form, and where in the source it stands. */
export interface FieldExplanation {
  /** JSON Pointer in the canonical form, `/lots/0/deadlines/tenders`. */
  readonly field: string
  /** Name of the field in its own standard where it has one: `BT-131(d)-Lot`. */
  readonly name?: string
  readonly state: FieldState
  /** Day on which a withheld value becomes public (ISO date), when the source gives it. */
  readonly until?: string
  /** XPath or JSON Pointer in the source: where the value stands or, when absent, would stand. */
  readonly source?: string
  /** Value in the source, cut at 200 characters. */
  readonly value?: string
}

/** Something of the canonical form that the written format cannot carry, or carries changed. */
export interface Loss {
  /** JSON Pointer in the canonical form. */
  readonly field: string
  readonly message: { readonly fr: string; readonly en: string }
}

/** A document written from a canonical form. `losses` is empty when everything was carried over. */
export interface Written {
  readonly content: string
  readonly mediaType: 'application/xml' | 'application/json'
  readonly losses: readonly Loss[]
}

/**
 * What is missing before a canonical form can be written in a format at all: nothing is invented to fill a mandatory
 * field, a person must give it.
 */
export interface Unwritable {
  readonly missing: readonly Loss[]
}
