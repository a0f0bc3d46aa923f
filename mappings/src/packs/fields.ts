/** What a pack knows of the fields of its SDK: where each stands and which forms have no place for it. */
export interface SdkFields {
  /** Forms in which the field never may stand, whatever the rest says: `['1', 'X01']`. */
  readonly [field: string]: { readonly xpath: string; readonly notIn: readonly string[] }
}

interface SdkField {
  readonly id: string
  readonly xpathAbsolute: string
  readonly forbidden?: {
    readonly constraints?: readonly {
      readonly noticeTypes?: readonly string[]
      readonly condition?: string
      readonly value?: boolean
    }[]
  }
}

/** Keeps of the SDK's `fields/fields.json` (1.5 MB) what is asked of it. */
export function packFields(json: string): SdkFields {
  const { fields } = JSON.parse(json) as { readonly fields: readonly SdkField[] }
  return Object.fromEntries(
    fields.map(({ id, xpathAbsolute, forbidden }) => {
      const always = (forbidden?.constraints ?? []).filter(
        ({ value, condition }) => value === true && condition === undefined,
      )
      return [id, { xpath: xpathAbsolute, notIn: always.flatMap(({ noticeTypes }) => noticeTypes ?? []) }]
    }),
  )
}
