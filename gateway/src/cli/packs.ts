import { type PackManifest, lastDayOf, minorOf, readManifest } from '@socle/mappings'
import type { Command } from 'commander'
import { packsIn } from '../packs/folder.ts'
import { type Installed, installFrom, installKnown } from '../packs/install.ts'
import { folderNameOf, knownPacks } from '../packs/known.ts'
import { MavenMissing } from '../packs/maven.ts'
import { exitCodes, Unusable } from './exit.ts'
import { packsOption } from './packs-option.ts'

interface Options {
  readonly packs: string
  readonly from?: readonly string[]
  readonly complete?: true
}

export function packsCommands(program: Command): void {
  const packs = program.command('packs').description('official schemas and rules that documents are judged by')
  packs
    .command('list', { isDefault: true })
    .addOption(packsOption)
    .option('--complete', 'fail unless every pack that the hub knows is there')
    .description('what is installed: version, where from, digest, last day')
    .action((options: Options) => {
      list(options)
    })
  packs
    .command('install')
    .addOption(packsOption)
    .option('--from <path...>', 'take it from these jars, zips or folders instead of Maven')
    .description('fetch, check and compile the packs; what is there is left alone')
    .action(async (options: Options) => {
      await install(options)
    })
}

function list({ packs: folder, complete }: Options): void {
  const source = packsIn(folder)
  const manifests = source.list().flatMap((name) => readManifest(source, name) ?? [])
  if (manifests.length === 0) {
    process.stdout.write(`no pack in ${folder}: run socle packs install / aucun paquet : lancez socle packs install\n`)
    process.exitCode = exitCodes.failed
  }
  const names = manifests.map(folderNameOf)
  if (complete && !knownPacks.every((pack) => names.includes(folderNameOf(pack)))) process.exitCode = exitCodes.failed
  for (const manifest of manifests) process.stdout.write(`${lineOf(manifest)}\n`)
}

function lineOf({ name, version, origin, sha256 }: PackManifest): string {
  const lastDay = name === 'eforms-sdk' ? lastDayOf(minorOf(version)) : undefined
  const until = lastDay === undefined ? 'no last day known' : `until ${lastDay}`
  return `${name} ${version}  ${until}  sha256 ${sha256}  ${origin}`
}

async function install({ packs: folder, from }: Options): Promise<void> {
  const now = new Date()
  try {
    if (from !== undefined) report(await installFrom(folder, from, now))
    else for (const installed of await installKnown(folder, now)) report(installed)
  } catch (error) {
    if (error instanceof MavenMissing) {
      process.stderr.write(
        `${error.message}\nsans Maven, installez par --from ; les formats concernés répondent 503 d’ici là\n`,
      )
      process.exitCode = exitCodes.unusable
      return
    }
    const reason = error instanceof Error ? error.message : String(error)
    throw new Unusable(`rien n’a été installé / nothing was installed: ${reason}`)
  }
}

function report({ manifest, isNew }: Installed): void {
  process.stdout.write(`${lineOf(manifest)}${isNew ? '  (installed)' : ''}\n`)
}
