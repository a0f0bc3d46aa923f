import type { KnownPack } from './known.ts'

/** What an archive turned out to hold: a pack, and its files by their path in the pack. */
export interface Contents {
  readonly name: KnownPack['name']
  readonly version: string
  readonly files: ReadonlyMap<string, Uint8Array>
}

const sdkFile =
  /^(?:.*\/)?((?:schemas\/(?:common|maindoc)\/[^/]+\.xsd|schematrons\/static\/[^/]+\.sch|translations\/rule_(?:fr|en)\.xml|fields\/fields\.json))$/
const ublFile =
  /^(?:.*\/)?((?:common\/[^/]+|schemas\/[^/]+|maindoc\/UBL-QualificationApplication(?:Request|Response)-[\d.]+)\.xsd)$/

/** Whether a file of an archive may be needed. */
export function isWanted(path: string): boolean {
  return sdkFile.test(path) || ublFile.test(path)
}

/**
 * Tells what the files are, wherever in the archive they lie: a jar, the zip of a release and a checkout have different
 * folders above. Throws when they are no rule pack.
 */
export function contentsOf(files: ReadonlyMap<string, Uint8Array>): Contents {
  const sdk = relocated(files, sdkFile)
  const fields = sdk.get('fields/fields.json')
  if (fields !== undefined && sdk.has('schematrons/static/complete-validation.sch')) {
    return { name: 'eforms-sdk', version: sdkVersion(fields), files: sdk }
  }
  // The imported types lie in jars of their own, in a folder `schemas`.
  const ubl = new Map(
    [...relocated(files, ublFile)].map(([path, bytes]) => [path.replace(/^schemas\//, 'common/'), bytes] as const),
  )
  const entry = [...ubl.keys()].find((path) => path.startsWith('maindoc/UBL-QualificationApplicationResponse-'))
  const version = /-(\d\.\d)\.xsd$/.exec(entry ?? '')?.[1]
  if (version === undefined) throw new Error('neither the eForms SDK nor the UBL schemas of the ESPD')
  return { name: 'ubl', version, files: located(ubl) }
}

function relocated(files: ReadonlyMap<string, Uint8Array>, shape: RegExp): ReadonlyMap<string, Uint8Array> {
  return new Map(
    [...files].flatMap(([path, bytes]): [string, Uint8Array][] => {
      const inside = shape.exec(path)?.[1]
      return inside === undefined ? [] : [[inside, bytes]]
    }),
  )
}

function sdkVersion(fields: Uint8Array): string {
  const version = /"sdkVersion"\s*:\s*"eforms-sdk-(\d+\.\d+\.\d+)"/.exec(
    Buffer.from(fields.subarray(0, 500)).toString(),
  )
  if (version?.[1] === undefined) throw new Error('fields/fields.json of the SDK does not tell its version')
  return version[1]
}

/**
 * UBL imports signatures and core types by namespace only and leaves it to the reader to find them: the place of the
 * file that declares the namespace is written into the import.
 */
function located(files: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, Uint8Array> {
  const texts = new Map([...files].map(([path, bytes]) => [path, Buffer.from(bytes).toString()]))
  const places = new Map<string, string>()
  for (const [path, text] of texts) {
    const namespace = /targetNamespace="([^"]+)"/.exec(text)?.[1]
    if (namespace !== undefined && !path.startsWith('maindoc/')) places.set(namespace, path)
  }
  return new Map(
    [...texts].map(([path, text]) => {
      const filled = text.replaceAll(/<xsd:import\s+namespace="([^"]+)"\s*\/>/g, (asItStands, namespace: string) => {
        const place = places.get(namespace)
        return place === undefined ? asItStands : `<xsd:import namespace="${namespace}" schemaLocation="../${place}"/>`
      })
      return [path, Buffer.from(filled)]
    }),
  )
}
