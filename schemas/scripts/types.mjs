/**
 * JSON Schema to TypeScript, for the subset that the contract uses: objects, arrays, enumerations, constants, unions and
 * references. What a type cannot say (patterns, bounds, if/then) stays with the validator.
 */

/** Types written by hand because code hangs on them; a test holds them to their schema. */
const handWritten = { Finding: '../finding.ts' }

export function typesOf(schemas) {
  const names = new Map()
  for (const { name, schema } of schemas) {
    names.set(schema.$id, name)
    for (const def of Object.keys(schema.$defs ?? {})) names.set(`${schema.$id}#/$defs/${def}`, name + namePart(def))
  }
  const imports = schemas
    .filter(({ name }) => name in handWritten)
    .map(({ name }) => `import type { ${name} } from '${handWritten[name]}'\n`)
  const blocks = schemas
    .filter(({ name }) => !(name in handWritten))
    .flatMap(({ name, schema }) => {
      const write = { names, base: schema.$id }
      const defs = Object.entries(schema.$defs ?? {}).map(([def, inner]) => declare(name + namePart(def), inner, write))
      return [declare(name, schema, write), ...defs]
    })
  return [imports.join(''), ...blocks].join('\n')
}

/** `calendar-date` -> `CalendarDate`, `decp-2.0.4-marche` -> `Decp204Marche`. */
export function namePart(text) {
  return text
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
}

function declare(name, schema, write) {
  const comment = describe(schema.description, '')
  const isPlainObject =
    schema.properties !== undefined &&
    schema.allOf === undefined &&
    schema.oneOf === undefined &&
    schema.anyOf === undefined
  if (isPlainObject) return `${comment}export interface ${name} ${objectType(schema, write, '')}\n`
  return `${comment}export type ${name} = ${typeOf(schema, write, '')}\n`
}

function typeOf(schema, write, margin) {
  if (schema === true) return 'unknown'
  if (schema.$ref !== undefined) return reference(schema.$ref, write)
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  const parts = schema.oneOf ?? schema.anyOf
  if (parts !== undefined) {
    const union = parts.map((part) => typeOf(part, write, margin)).join(' | ')
    return schema.properties === undefined ? union : `${objectType(schema, write, margin)} & (${union})`
  }
  if (schema.allOf !== undefined && schema.properties === undefined) {
    return schema.allOf.map((part) => typeOf(part, write, margin)).join(' & ')
  }
  if (Array.isArray(schema.type))
    return schema.type.map((type) => typeOf({ ...schema, type }, write, margin)).join(' | ')
  return plainType(schema, write, margin)
}

function plainType(schema, write, margin) {
  switch (schema.type) {
    case 'string':
      return 'string'
    case 'integer':
    case 'number':
      return 'number'
    case 'boolean':
      return 'boolean'
    case 'null':
      return 'null'
    case 'array':
      return `readonly ${group(typeOf(schema.items ?? true, write, margin))}[]`
    case 'object':
      return objectType(schema, write, margin)
    default:
      return 'unknown'
  }
}

function objectType(schema, write, margin) {
  const inner = `${margin}  `
  if (schema.properties === undefined) {
    const value =
      typeof schema.additionalProperties === 'object' ? typeOf(schema.additionalProperties, write, margin) : 'unknown'
    return `Readonly<Record<string, ${value}>>`
  }
  const required = new Set(schema.required ?? [])
  const lines = Object.entries(schema.properties).map(([key, value]) => {
    const name = /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key)
    return `${describe(value.description, inner)}${inner}readonly ${name}${required.has(key) ? '' : '?'}: ${typeOf(value, write, inner)}`
  })
  return `{\n${lines.join('\n')}\n${margin}}`
}

function reference(ref, { names, base }) {
  const target = ref === '#' ? base : new URL(ref, base).href
  const name = names.get(target)
  if (name === undefined) throw new Error(`${base}: ${ref} refers to nothing`)
  return name
}

function group(type) {
  return /[|&]/.test(type) ? `(${type})` : type
}

function describe(text, margin) {
  return text === undefined ? '' : `${margin}/** ${text} */\n`
}
