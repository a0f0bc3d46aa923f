import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { XmlDocument, XsdValidator } from 'libxml2-wasm'

/** The official schemas, beside the repository where there are some: they are not ours to keep. */
export const officialData: string = join(import.meta.dirname, '../../../../shared/data/decp')

export const isHere: boolean = existsSync(join(officialData, 'schemas'))
if (!isHere)
  process.stdout.write(`SKIPPED: ${officialData} is not there, so nothing is held against the official schemas\n`)

/** True or false when the official JSON schema accepts a file; the one of 1.5.0 is draft 4, which differs in nothing it uses. */
export function jsonJudge(version: '1.5.0' | '2.0.4'): (text: string) => boolean {
  const text = readFileSync(join(officialData, `schemas/schema_decp_v${version}.json`), 'utf8')
  const { id: _id, $schema: _dialect, ...schema } = JSON.parse(text) as Record<string, unknown>
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema)
  return (file) => validate(JSON.parse(file))
}

/** The same for the official XSD. */
export function xmlJudge(version: '1.5.0' | '2.0.2'): (text: string) => boolean {
  const schema = XmlDocument.fromBuffer(readFileSync(join(officialData, `schemas/schema_decp_v${version}.xsd`)))
  const validator = XsdValidator.fromDoc(schema)
  return (file) => {
    using document = XmlDocument.fromString(file)
    try {
      validator.validate(document)
      return true
    } catch {
      return false
    }
  }
}
