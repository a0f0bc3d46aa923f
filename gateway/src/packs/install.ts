import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type PackManifest, buildSdkPack, packLayout, readManifest, schemaFilesOf } from '@socle/mappings'
import { type Archive, readArchive } from './archive.ts'
import { type Contents, contentsOf, isWanted } from './contents.ts'
import { packsIn } from './folder.ts'
import { type KnownPack, folderNameOf, knownPacks } from './known.ts'
import { withJars } from './maven.ts'

export interface Installed {
  readonly manifest: PackManifest
  /** False when it was there already. */
  readonly isNew: boolean
}

/**
 * Installs the packs the hub knows, through Maven; those that are there are left alone. Throws `MavenMissing`, or an
 * error that says what Maven said, or that the bytes are not the pinned ones: then nothing of that pack was installed.
 */
export async function installKnown(folder: string, now: Date): Promise<readonly Installed[]> {
  const source = packsIn(folder)
  const there = knownPacks.map((pack) => ({ pack, manifest: readManifest(source, folderNameOf(pack)) }))
  const missing = there.filter(({ manifest }) => manifest === undefined)
  const old = there.flatMap(({ manifest }) => (manifest === undefined ? [] : [{ manifest, isNew: false }]))
  if (missing.length === 0) return old
  const wanted = new Set(missing.flatMap(({ pack }) => pack.jars.map(({ coordinates }) => coordinates)))
  return await withJars([...wanted], async (pathOf) => {
    const installed: Installed[] = [...old]
    for (const { pack } of missing) installed.push(await installJars(folder, pack, { pathOf, now }))
    return installed
  })
}

interface Fetched {
  readonly pathOf: (coordinates: string) => string
  readonly now: Date
}

async function installJars(folder: string, pack: KnownPack, { pathOf, now }: Fetched): Promise<Installed> {
  const files = new Map<string, Uint8Array>()
  for (const { coordinates, sha256 } of pack.jars) {
    const archive = await readArchive(pathOf(coordinates), isWanted)
    if (archive.sha256 !== sha256) {
      throw new Error(`${coordinates}: SHA-256 is ${archive.sha256}, ${sha256} was expected. Nothing was installed.`)
    }
    for (const [path, bytes] of archive.files) files.set(path, bytes)
  }
  const [jar] = pack.jars
  const origin = { origin: jar?.coordinates ?? '', sha256: jar?.sha256 ?? '', now }
  return { manifest: write(folder, contentsOf(files), origin), isNew: true }
}

/** Installs what local jars, zips or folders hold together, whatever its version; what was there of it is replaced. */
export async function installFrom(folder: string, paths: readonly string[], now: Date): Promise<Installed> {
  const archives: Archive[] = []
  for (const path of paths) archives.push(await readArchive(path, isWanted))
  const contents = contentsOf(new Map(archives.flatMap(({ files }) => [...files])))
  const origin = { origin: paths.join(' '), sha256: archives[0]?.sha256 ?? '', now }
  return { manifest: write(folder, contents, origin), isNew: true }
}

interface Origin {
  readonly origin: string
  readonly sha256: string
  readonly now: Date
}

/**
 * Writes beside the packs and renames: a pack is there whole or not at all, whenever the process ends. Two
 * installations at once both succeed, the last one stays.
 */
function write(folder: string, { name, version, files }: Contents, { origin, sha256, now }: Origin): PackManifest {
  const built = name === 'eforms-sdk' ? buildSdkPack(files) : schemaFilesOf(files)
  const manifest: PackManifest = {
    name,
    version,
    origin,
    sha256,
    installedOn: now.toISOString(),
    schemas: [...built.keys()].filter((path) => path.endsWith('.xsd')),
    layout: packLayout,
  }
  mkdirSync(folder, { recursive: true })
  const work = mkdtempSync(join(folder, '.new-'))
  try {
    for (const [path, bytes] of built) {
      mkdirSync(dirname(join(work, path)), { recursive: true })
      writeFileSync(join(work, path), bytes)
    }
    // A working folder is private at birth; a pack may be read by the account the hub runs under.
    chmodSync(work, 0o755)
    writeFileSync(join(work, 'pack.json'), JSON.stringify(manifest, undefined, 2))
    const target = join(folder, folderNameOf(manifest))
    if (existsSync(target)) rmSync(target, { recursive: true })
    renameSync(work, target)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  return manifest
}
