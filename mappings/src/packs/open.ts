import { type Rules, openRuleSet } from '../schematron/open-rule-set.ts'
import type { RuleSet } from '../schematron/rule-set.ts'
import type { SdkFields } from './fields.ts'
import { type SchemaSet, schemaSet } from '../xml/schema-set.ts'
import { type PackManifest, type PackSource, readManifest } from './source.ts'
import { type RuleTexts, type TextPlaces, openTexts } from './texts.ts'
import { packFor } from './versions.ts'

/** The rules of one SDK version. Each part is read and compiled when it is first asked for, and kept. */
export interface SdkPack {
  readonly version: string
  readonly schemas: SchemaSet
  readonly engine: Rules
  readonly texts: RuleTexts
  readonly fields: SdkFields
}

/** The installed official schemas and rules. One a thread: compiled schemas live in the memory of the thread. */
export interface Packs {
  readonly installed: readonly PackManifest[]
  /** Pack that judges a declared SDK minor (`1.13`): its own or the nearest newer; undefined when there is none. */
  sdk(minor: string): SdkPack | undefined
  /** Schemas of a UBL version (`2.3`). */
  ubl(version: string): SchemaSet | undefined
}

export function openPacks(source: PackSource): Packs {
  const installed = source.list().flatMap((name) => {
    const manifest = readManifest(source, name)
    return manifest === undefined ? [] : [manifest]
  })
  const sdkVersions = installed.flatMap(({ name, version }) => (name === 'eforms-sdk' ? [version] : []))
  const sdkPacks = new Map<string, SdkPack>()
  const ublSets = new Map<string, SchemaSet>()

  function sdk(minor: string): SdkPack | undefined {
    const version = packFor(minor, sdkVersions)
    const manifest = installed.find((pack) => pack.name === 'eforms-sdk' && pack.version === version)
    if (manifest === undefined) return undefined
    const pack = sdkPacks.get(manifest.version) ?? openSdk(source, manifest)
    sdkPacks.set(manifest.version, pack)
    return pack
  }

  function ubl(version: string): SchemaSet | undefined {
    const manifest = installed.find((pack) => pack.name === 'ubl' && pack.version === version)
    if (manifest === undefined) return undefined
    const set = ublSets.get(version) ?? schemasOf(source, manifest)
    ublSets.set(version, set)
    return set
  }

  return { installed, sdk, ubl }
}

function openSdk(source: PackSource, manifest: PackManifest): SdkPack {
  const name = folderOf(manifest)
  const bytes = (path: string): Uint8Array => {
    const found = source.read(name, path)
    if (found === undefined) throw new Error(`pack ${name} has no ${path}: install it again`)
    return found
  }
  const json = (path: string): unknown => JSON.parse(new TextDecoder().decode(bytes(path)))
  const engine = once(() => openRuleSet(json('rules.json') as RuleSet))
  const texts = once(() => openTexts({ places: json('texts.json') as TextPlaces, bytes: bytes('texts.bin') }))
  const fields = once(() => json('fields.json') as SdkFields)
  return {
    version: manifest.version,
    schemas: schemasOf(source, manifest),
    get engine() {
      return engine()
    },
    get texts() {
      return texts()
    },
    get fields() {
      return fields()
    },
  }
}

function schemasOf(source: PackSource, manifest: PackManifest): SchemaSet {
  const name = folderOf(manifest)
  return schemaSet(
    () =>
      new Map(
        manifest.schemas.flatMap((path): [string, Uint8Array][] => {
          const bytes = source.read(name, path)
          return bytes === undefined ? [] : [[path, bytes]]
        }),
      ),
  )
}

/** Folder of a pack in the packs folder. */
export function folderOf({ name, version }: Pick<PackManifest, 'name' | 'version'>): string {
  return `${name}-${version}`
}

function once<T extends object>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}
