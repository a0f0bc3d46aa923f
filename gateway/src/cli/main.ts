import { Command } from 'commander'
import { accountCommands } from './account.ts'
import { exportCommand } from './export.ts'
import { sendCommand } from './send.ts'
import { serveCommand } from './serve.ts'
import { exitCodes, Unusable } from './exit.ts'
import { validateCommand } from './validate.ts'
import { verifyCommand } from './verify.ts'

const program = new Command('socle')
  .description("Hub d'interopérabilité entre profils d'acheteur / Interoperability hub between buyer profiles")
  .showHelpAfterError()
  .exitOverride((error) => {
    // Help and version are answers, not errors; a wrong command line is unusable input.
    process.exitCode = error.exitCode === 0 ? 0 : exitCodes.unusable
    throw error
  })

for (const add of [serveCommand, validateCommand, sendCommand, verifyCommand, exportCommand, accountCommands])
  add(program)

try {
  await program.parseAsync()
} catch (error) {
  const fromCommander = error instanceof Error && 'code' in error && String(error.code).startsWith('commander.')
  if (!fromCommander) {
    process.stderr.write(`socle: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = error instanceof Unusable ? exitCodes.unusable : exitCodes.failed
  }
}
