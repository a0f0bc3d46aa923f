import { compileSchematron } from '../schematron/compile-schema.ts'
import { packFields } from './fields.ts'
import { packTexts } from './texts.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/**
 * The files of a pack of the eForms SDK, made from those of the SDK by path: schemas as they are, the business rules
 * compiled, their texts in French and English, and what is asked of the fields.
 * Throws, naming each one, when a rule is written in a way that the engine does not know: a rule is never left out.
 */
export function buildSdkPack(files: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, Uint8Array> {
  const text = (path: string): string => {
    const bytes = files.get(path)
    if (bytes === undefined) throw new Error(`the SDK has no ${path}`)
    return decoder.decode(bytes)
  }
  const rules = compileSchematron((path) => text(`schematrons/static/${path}`), 'complete-validation.sch')
  const texts = packTexts(text('translations/rule_fr.xml'), text('translations/rule_en.xml'))
  return new Map([
    ...schemaFilesOf(files),
    ['rules.json', encoder.encode(JSON.stringify(rules))],
    ['texts.json', encoder.encode(JSON.stringify(texts.places))],
    ['texts.bin', texts.bytes],
    ['fields.json', encoder.encode(JSON.stringify(packFields(text('fields/fields.json'))))],
  ])
}

/** The schema files among others, by path. */
export function schemaFilesOf(files: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, Uint8Array> {
  return new Map(
    [...files]
      .filter(([path]) => path.endsWith('.xsd'))
      .map(([path, bytes]): [string, Uint8Array] => [path.startsWith('schemas/') ? path : `schemas/${path}`, bytes]),
  )
}
