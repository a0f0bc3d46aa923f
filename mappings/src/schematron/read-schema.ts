import { passGate } from '../xml/gate.ts'
import type { XmlNode } from '../xml/node.ts'
import { readXml } from '../xml/read.ts'

const namespace = 'http://purl.oclc.org/dsdl/schematron'

/** A schema that cannot be used: what is wrong with it, all at once. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError'
  /** One line a fault, with the id of the assert where there is one. */
  readonly faults: readonly string[]

  constructor(faults: readonly string[]) {
    super(`${faults.length} faults in the rules:\n${faults.join('\n')}`)
    this.faults = faults
  }
}

/** A file of a schema with what it includes in place of the `include` elements, children of the root in order. */
export interface SchemaFile {
  readonly root: XmlNode
  readonly parts: readonly XmlNode[]
}

/** Reads a schema file and the files it includes (one level, as the standard has it: the root of each is the part). */
export function readSchema(files: (path: string) => string, entry: string): SchemaFile {
  const root = readPart(files, entry, 'schema')
  const parts = root.children.flatMap((part) => {
    if (part.ns !== namespace || part.name !== 'include') return [part]
    return [readPart(files, besides(entry, part.attrs['href'] ?? ''), undefined)]
  })
  return { root, parts }
}

function readPart(files: (path: string) => string, path: string, name: string | undefined): XmlNode {
  const gated = passGate(Buffer.from(files(path)), Infinity)
  if ('findings' in gated) {
    throw new SchemaError(gated.findings.map(({ message }) => `${path}: ${message.en}`))
  }
  const root = readXml(gated.text, gated.elements)
  if (root.ns !== namespace || (name !== undefined && root.name !== name)) {
    throw new SchemaError([`${path}: ${root.qname} is not what a Schematron ${name ?? 'part'} begins with`])
  }
  return root
}

/** A path relative to the file that names it. */
function besides(entry: string, href: string): string {
  return entry.includes('/') ? `${entry.slice(0, entry.lastIndexOf('/'))}/${href}` : href
}
