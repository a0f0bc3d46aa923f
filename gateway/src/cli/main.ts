import { Command } from 'commander'
import { ConfigError } from '../config.ts'
import { HubError } from '../errors.ts'
import { exitCodes, Unusable } from './exit.ts'

type AddCommand = (program: Command) => void

/** Each command is loaded when it is asked for: judging a file must not wait for a web server to be read in. */
const commands: Readonly<Record<string, () => Promise<AddCommand>>> = {
  serve: async () => (await import('./serve.ts')).serveCommand,
  validate: async () => (await import('./validate.ts')).validateCommand,
  send: async () => (await import('./send.ts')).sendCommand,
  verify: async () => (await import('./verify.ts')).verifyCommand,
  evidence: async () => (await import('./evidence.ts')).evidenceCommand,
  export: async () => (await import('./export.ts')).exportCommand,
  archive: async () => (await import('./archive.ts')).archiveCommand,
  map: async () => (await import('./map.ts')).mapCommand,
  rules: async () => (await import('./rules.ts')).rulesCommands,
  packs: async () => (await import('./packs.ts')).packsCommands,
  topics: async () => (await import('./topics.ts')).topicsCommand,
  migrate: async () => (await import('./migrate.ts')).migrateCommand,
  shard: async () => (await import('./shard.ts')).shardCommand,
  recover: async () => (await import('./recover.ts')).recoverCommand,
  erase: async () => (await import('./erase.ts')).eraseCommand,
  retain: async () => (await import('./retain.ts')).retainCommand,
  check: async () => (await import('./check.ts')).checkCommand,
  keys: async () => (await import('./keys.ts')).keysCommands,
  account: async () => (await import('./account.ts')).accountCommands,
}

const program = new Command('socle')
  .description("Hub d'interopérabilité entre profils d'acheteur / Interoperability hub between buyer profiles")
  .showHelpAfterError()
  .exitOverride((error) => {
    // Help and version are answers, not errors; a wrong command line is unusable input.
    process.exitCode = error.exitCode === 0 ? 0 : exitCodes.unusable
    throw error
  })

const asked = process.argv[2] ?? ''
const loaded = Object.hasOwn(commands, asked) ? [commands[asked]] : Object.values(commands)
for (const load of loaded) (await load?.())?.(program)

try {
  await program.parseAsync()
} catch (error) {
  const fromCommander = error instanceof Error && 'code' in error && String(error.code).startsWith('commander.')
  if (!fromCommander) {
    process.stderr.write(`socle: ${reasonOf(error)}\n`)
    process.exitCode = isUnusable(error) ? exitCodes.unusable : exitCodes.failed
  }
}

/** What the hub refuses, it refuses with the words of its catalogue: what happened and what to do. */
function reasonOf(error: unknown): string {
  if (error instanceof HubError) {
    const { title, hint } = error.entry
    const fill = (text: string): string => text.replace('{value}', error.details.value ?? '')
    return `${title.fr} / ${title.en}\n${fill(hint.fr)} / ${fill(hint.en)}`
  }
  return error instanceof Error ? error.message : String(error)
}

function isUnusable(error: unknown): boolean {
  if (error instanceof HubError) return error.entry.status === 400
  return error instanceof Unusable || error instanceof ConfigError
}
