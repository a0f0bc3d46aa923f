/** What names a schema or a language. `xsi:nil` and `xsi:type` are no such thing: they change what a value says. */
const allowed = /^(?:xmlns(?::.*)?|xsi:schemaLocation|xsi:noNamespaceSchemaLocation|xml:.*)$/

/** The attributes of an element that the format does not know: it has none of its own. */
export function strangeAttributes(names: readonly string[]): readonly string[] {
  return names.filter((name) => !allowed.test(name))
}
