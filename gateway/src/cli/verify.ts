import type { Command } from 'commander'
import { verifyPath } from '../audit/verify.ts'
import { exitCodes } from './exit.ts'

interface VerifyCommandOptions {
  readonly trust?: string
  readonly content?: string
  readonly from?: string
  readonly lang: string
  readonly json?: true
}

export function verifyCommand(program: Command): void {
  program
    .command('verify')
    .argument('<path>', 'receipt (.json), container (.asice), checkpoint, exported log, or a directory that holds them')
    .option('--trust <dir>', 'directory with log.vkey, seal-ca.pem, tsa-ca.pem (default: beside the path)')
    .option('--content <file>', 'the document of a receipt')
    .option(
      '--from <checkpoint>',
      'an earlier checkpoint of the log, with its .tsr beside; a receipt or an older export will do: was anything rewritten since?',
    )
    .option('--lang <fr|en>', 'language of the report', 'fr')
    .option('--json', 'the report as JSON')
    .description('prove offline, without the hub; exit 0 proved, 1 not, 2 unusable')
    .action(async (path: string, options: VerifyCommandOptions) => {
      const { trust, content, from } = options
      const report = await verifyPath(path, {
        ...(trust === undefined ? {} : { trust }),
        ...(content === undefined ? {} : { content }),
        ...(from === undefined ? {} : { from }),
        now: new Date(),
      })
      process.stdout.write(
        options.json ? `${JSON.stringify(report)}\n` : report.text(options.lang === 'en' ? 'en' : 'fr'),
      )
      process.exitCode = { proved: exitCodes.done, 'not-proved': exitCodes.failed, unusable: exitCodes.unusable }[
        report.verdict
      ]
    })
}
