import {
  type ErrorDetail,
  XmlBufferInputProvider,
  XmlDocument,
  XmlLibError,
  XsdValidator,
  xmlCleanupInputProvider,
  xmlRegisterInputProvider,
} from 'libxml2-wasm'

/** What a schema holds against a document: message, line, XPath. */
export type SchemaFault = ErrorDetail

/** Schemas of one standard, compiled when first asked and kept for the life of the thread (0.5 to 0.9 s each). */
export interface SchemaSet {
  /** What the schema whose main file declares this namespace holds against a document; undefined when there is none. */
  validate(document: XmlDocument, namespace: string): readonly SchemaFault[] | undefined
}

/** Addresses that only the memory of this module answers to: relative imports resolve, nothing is ever fetched. */
const memory = 'mem:/'

/**
 * `readFiles` gives all files of the standard by path; those under a `maindoc` folder may be the schema of a document.
 * They are read from memory while a schema is compiled and at no other time: documents are parsed without any way to
 * open anything.
 */
export function schemaSet(readFiles: () => ReadonlyMap<string, Uint8Array>): SchemaSet {
  const compiled = new Map<string, XsdValidator | undefined>()

  function validatorFor(namespace: string): XsdValidator | undefined {
    if (compiled.has(namespace)) return compiled.get(namespace)
    const files = readFiles()
    const entry = [...files.keys()].find((path) => declares(files, path, namespace))
    const validator = entry === undefined ? undefined : compile(files, entry)
    // Namespaces are those of roots the detection knows: the map cannot grow with what is sent.
    compiled.set(namespace, validator)
    return validator
  }

  return {
    validate(document, namespace) {
      const validator = validatorFor(namespace)
      return validator === undefined ? undefined : faultsOf(validator, document)
    },
  }
}

function declares(files: ReadonlyMap<string, Uint8Array>, path: string, namespace: string): boolean {
  if (!path.includes('maindoc/')) return false
  return new TextDecoder().decode(files.get(path)).includes(`targetNamespace="${namespace}"`)
}

function compile(files: ReadonlyMap<string, Uint8Array>, entry: string): XsdValidator {
  const buffers = [...files].map(([path, bytes]): [string, Uint8Array] => [memory + path, bytes])
  xmlRegisterInputProvider(new XmlBufferInputProvider(Object.fromEntries(buffers)))
  try {
    const bytes = files.get(entry)
    if (bytes === undefined) throw new Error(`no schema ${entry}`)
    using schema = XmlDocument.fromBuffer(bytes, { url: memory + entry })
    return XsdValidator.fromDoc(schema)
  } finally {
    xmlCleanupInputProvider()
  }
}

function faultsOf(validator: XsdValidator, document: XmlDocument): readonly SchemaFault[] {
  try {
    validator.validate(document)
    return []
  } catch (error) {
    if (error instanceof XmlLibError) return error.details
    throw error
  }
}
