import { type Finding, type RuleId, finding } from '@socle/schemas'
import type { SchemaFault } from '../xml/schema-set.ts'
import { parseDay, parseTime } from '../xml/values.ts'

interface Shape {
  readonly rule: RuleId
  /** Named groups: `value`, `expected`, `name`, `type`. */
  readonly pattern: RegExp
}

/** The sentences of libxml2 and the rule each belongs to; the first that fits counts. */
const shapes: readonly Shape[] = [
  {
    rule: 'XSD-ELEMENT-UNEXPECTED',
    pattern:
      /^Element '(?<value>[^']*)': This element is not expected\.(?: Expected is(?: one of)? \( (?<expected>.*) \)\.)?/,
  },
  {
    rule: 'XSD-ELEMENT-MISSING',
    pattern:
      /^Element '(?<name>[^']*)': Missing child element\(s\)\.(?: Expected is(?: one of)? \( (?<expected>.*) \)\.)?/,
  },
  { rule: 'XSD-ATTRIBUTE-UNEXPECTED', pattern: /attribute '(?<value>[^']*)': The attribute '[^']*' is not allowed/ },
  { rule: 'XSD-ATTRIBUTE-MISSING', pattern: /: The attribute '(?<name>[^']*)' is required but missing/ },
  {
    rule: 'XSD-VALUE',
    pattern:
      /: '(?<value>[^]*)' is not a valid value of the (?:atomic|list|union|local atomic) type(?: '(?<expected>[^']*)')?/,
  },
  { rule: 'XSD-VALUE', pattern: /: \[facet '(?<expected>[^']*)'\] The value '(?<value>[^]*?)' (?:is|has)/ },
  { rule: 'XSD-TEXT', pattern: /: Character content (?:other than whitespace )?is not allowed/ },
]

/**
 * Turns what the official schema holds against a document into findings: what stands there, what was expected, where.
 * `schema` names the schema for the finding, `root` is the name of the root element. libxml2 tells only the first wrong child of each element.
 */
export function judgeSchemaFaults(faults: readonly SchemaFault[], schema: string, root: string): readonly Finding[] {
  return faults.filter(isFault).map((fault) => {
    const message = shortNames(fault.message.trim())
    // libxml2 writes `*` for a root in the default namespace; every other finding writes its name.
    const place = fault.xpath === undefined ? {} : { xpath: fault.xpath.replace(/^\/\*/, `/${root}`) }
    for (const { rule, pattern } of shapes) {
      const { value, expected, name } = pattern.exec(message)?.groups ?? {}
      if (!pattern.test(message)) continue
      const what = {
        ...place,
        ...(value === undefined ? {} : { value }),
        ...(expected === undefined ? {} : { expected }),
      }
      const nothing = expected === undefined ? { expected: '—' } : {}
      return finding(rule, what, { schema, name: name ?? value ?? '', line: String(fault.line), ...nothing })
    }
    return finding('XSD-OTHER', place, { schema, reason: message, line: String(fault.line) })
  })
}

/**
 * libxml2 refuses a date or a time with blanks around it, which XML Schema allows (part 2, 4.3.6: white space is
 * collapsed first). Found by comparing it with Xerces on mutants.
 */
function isFault({ message }: SchemaFault): boolean {
  const { value, type } =
    /: '(?<value>[^]*)' is not a valid value of the atomic type 'xs:(?<type>date|time)'/.exec(message)?.groups ?? {}
  const text = value?.trim()
  if (text === undefined || text === value) return true
  return (type === 'date' ? parseDay(text) : parseTime(text)) === undefined
}

const prefixes: readonly (readonly [namespace: RegExp, prefix: string])[] = [
  [/CommonBasicComponents-2$/, 'cbc:'],
  [/CommonAggregateComponents-2$/, 'cac:'],
  [/CommonExtensionComponents-2$/, 'ext:'],
  [/eforms-ubl-extension-aggregate-components\/1$/, 'efac:'],
  [/eforms-ubl-extension-basic-components\/1$/, 'efbc:'],
  [/eforms-ubl-extensions\/1$/, 'efext:'],
]

/** `{urn:…CommonBasicComponents-2}ID` is written as people know it, `cbc:ID`. */
function shortNames(message: string): string {
  return message.replaceAll(/\{([^{}]*)\}/g, (_, namespace: string) => {
    return prefixes.find(([shape]) => shape.test(namespace))?.[1] ?? ''
  })
}
