/** One kind of refusal: HTTP status, what happened, what to do next. Both languages, always. */
export interface CatalogueEntry {
  readonly status: number
  readonly title: { readonly fr: string; readonly en: string }
  readonly hint: { readonly fr: string; readonly en: string }
}

export function entry(
  status: number,
  title: readonly [string, string],
  hint: readonly [string, string],
): CatalogueEntry {
  return { status, title: { fr: title[0], en: title[1] }, hint: { fr: hint[0], en: hint[1] } }
}
