import { ruleSetFormat } from '../schematron/rule-set.ts'

/**
 * The folder where rule packs are installed, as the caller reads it: this package does no input and no output. A pack is
 * a folder named after its content and version, `eforms-sdk-1.13.3`.
 */
export interface PackSource {
  /** Names of the packs that are installed whole. */
  list(): readonly string[]
  /** Bytes of one file of a pack; undefined when it is not there. */
  read(pack: string, path: string): Uint8Array | undefined
}

/** What stands in `pack.json`, written last at installation: a pack without it is not there. */
export interface PackManifest {
  readonly name: 'eforms-sdk' | 'ubl'
  /** `1.13.3` of the SDK, `2.2` of UBL. */
  readonly version: string
  /** Where it was taken from: Maven coordinates, or the path given by an operator. */
  readonly origin: string
  /** SHA-256 of the archive it was taken from, hexadecimal; of its sorted files when it was a folder. */
  readonly sha256: string
  readonly installedOn: string
  /** Paths of the schema files in the pack. */
  readonly schemas: readonly string[]
  /** Shape of the pack and of its compiled rules: another one is installed again. */
  readonly layout: string
}

/** Changes when a pack is written in another way than this code reads. */
export const packLayout: string = `1 ${ruleSetFormat}`

export function readManifest(source: PackSource, pack: string): PackManifest | undefined {
  const bytes = source.read(pack, 'pack.json')
  if (bytes === undefined) return undefined
  const manifest = JSON.parse(new TextDecoder().decode(bytes)) as PackManifest
  return manifest.layout === packLayout ? manifest : undefined
}
