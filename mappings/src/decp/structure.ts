import { type Finding, type RuleId, type SchemaName, schemas } from '@socle/schemas'
import type { ErrorObject, ValidateFunction } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { escapeStep } from '../json/pointer.ts'
import { formOf } from './form.ts'
import { type RecordView, found, mostFindings } from './view.ts'

const compiled = new Map<SchemaName, ValidateFunction>()

/** Layer 1: the record against its JSON Schema. Every fault, none repaired: the record is neither coerced nor trimmed. */
export function checkStructure(view: RecordView): Finding[] {
  const { schema } = formOf(view.version, view.contract)
  const validate = compiled.get(schema) ?? compile(schema)
  if (validate(view.record)) return []
  return (validate.errors ?? []).slice(0, mostFindings).map((error) => toFinding(view, error))
}

// Compiling takes longer than validating ten thousand records, so it is done once, at the first record of each kind.
function compile(name: SchemaName): ValidateFunction {
  const ajv = new Ajv2020({ allErrors: true, strict: true, verbose: true })
  const validate = ajv.compile(schemas[name])
  compiled.set(name, validate)
  return validate
}

function toFinding(view: RecordView, error: ErrorObject): Finding {
  const { rule, child, expected, params } = explain(error)
  const pointer = view.base + error.instancePath + (child === undefined ? '' : `/${escapeStep(child)}`)
  const property = asText(child ?? (nameIn(pointer) || view.contract))
  const value =
    child === undefined || rule === 'DECP-UNKNOWN-PROPERTY'
      ? asText(child === undefined ? error.data : child)
      : undefined
  return found(
    view,
    rule,
    { pointer, ...(value === undefined ? {} : { value }), ...(expected === undefined ? {} : { expected }) },
    { property, ...params },
  )
}

interface Explained {
  readonly rule: RuleId
  /** The property the fault is about, when it is below the place of the error. */
  readonly child?: string
  readonly expected?: string
  readonly params?: Readonly<Record<string, string>>
}

/** One keyword of the schema as a rule of the catalogue. A keyword our schemas do not use would be reported as a type. */
function explain({ keyword, params, parentSchema }: ErrorObject): Explained {
  switch (keyword) {
    case 'required':
      return { rule: 'DECP-REQUIRED', child: String(params['missingProperty']) }
    case 'additionalProperties':
      return { rule: 'DECP-UNKNOWN-PROPERTY', child: String(params['additionalProperty']) }
    case 'enum':
      return { rule: 'DECP-ENUM', expected: listOf(params['allowedValues']) }
    case 'minimum':
      return { rule: 'DECP-MINIMUM', expected: String(params['limit']) }
    case 'maximum':
      return { rule: 'DECP-MAXIMUM', expected: String(params['limit']) }
    case 'minItems':
      return { rule: 'DECP-EMPTY-LIST' }
    case 'minLength':
    case 'maxLength':
      return {
        rule: 'DECP-LENGTH',
        expected: `${Number(parentSchema?.['minLength'] ?? 0)}–${String(parentSchema?.['maxLength'] ?? '')}`,
      }
    default:
      return { rule: 'DECP-TYPE', expected: String(params['type']), params: typeWords[String(params['type'])] ?? {} }
  }
}

const typeWords: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  string: { expectedFr: 'un texte entre guillemets', expectedEn: 'a text between quotes' },
  number: { expectedFr: 'un nombre sans guillemets', expectedEn: 'a number without quotes' },
  integer: { expectedFr: 'un nombre entier sans guillemets', expectedEn: 'a whole number without quotes' },
  boolean: { expectedFr: 'true ou false, sans guillemets', expectedEn: 'true or false, without quotes' },
  array: { expectedFr: 'une liste entre crochets […]', expectedEn: 'a list between brackets […]' },
  object: { expectedFr: 'un objet entre accolades {…}', expectedEn: 'an object between braces {…}' },
}

function listOf(values: unknown): string {
  return Array.isArray(values) ? values.map((value) => `« ${String(value)} »`).join(', ') : ''
}

/** The last named step of a pointer: the list, for an item of a list. */
function nameIn(pointer: string): string {
  return pointer.split('/').findLast((step) => !/^\d*$/.test(step)) ?? ''
}

function asText(value: unknown): string {
  // Nothing between two blanks or quotes would look like a fault of the message.
  return typeof value === 'string' && value !== '' ? value : JSON.stringify(value)
}
