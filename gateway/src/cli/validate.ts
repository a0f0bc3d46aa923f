import { readFileSync, statSync } from 'node:fs'
import { examine, openPacks, type Examination, type Packs, type StreamedRecord } from '@socle/mappings'
import { type DumeRequest, type Finding, isAccepted } from '@socle/schemas'
import type { Command } from 'commander'
import { packsIn } from '../packs/folder.ts'
import { askedFindings, readAskedRequest } from './asked-request.ts'
import { exitCodes } from './exit.ts'
import { packsOption } from './packs-option.ts'
import type { StreamReport } from './tally.ts'
import { judgeStream } from './validate-stream.ts'

/** Larger files are read as streams of award data: nothing else is that large. */
const largestBytes = 104_857_600

/** One line of `--json`, every member always there; `version` is null there when the document declares none. */
interface Line {
  readonly file: string
  readonly format: string
  readonly version: string | undefined
  readonly verdict: 'accepted' | 'refused'
  readonly findings: readonly Finding[]
}

interface Options {
  readonly json?: true
  readonly stream?: true
  readonly records?: true
  readonly packs: string
  readonly request?: string
}

export function validateCommand(program: Command): void {
  program
    .command('validate')
    .argument('<file...>')
    .option('--json', 'one JSON line a file')
    .option('--stream', 'read award data as a stream, whatever the size of the file (from 100 MiB on it always is)')
    .option('--records', 'with --stream: one JSON line a record before that of the file')
    .option('--request <file>', 'e-DUME request that the responses must answer unchanged')
    .addOption(packsOption)
    .description('judge files offline; exit 0 nothing rejected, 1 rejected, 2 unusable')
    .action(async (files: readonly string[], options: Options) => {
      const packs = openPacks(packsIn(options.packs))
      const request = options.request === undefined ? undefined : readAskedRequest(options.request, packs)
      let worst: number = exitCodes.done
      for (const file of files) {
        const judged = await judgePath(file, options, packs, request)
        if ('problem' in judged) {
          process.stderr.write(`${file}: ${judged.problem}\n`)
          worst = exitCodes.unusable
          continue
        }
        if (judged.findings.some(({ rule }) => rule === 'FORMAT-NO-PACK')) worst = exitCodes.unusable
        if (judged.verdict === 'refused') worst = Math.max(worst, exitCodes.failed)
        process.stdout.write(
          options.json
            ? `${JSON.stringify({ ...judged, version: judged.version ?? null })}\n`
            : printable(textOf(judged)),
        )
      }
      process.exitCode = worst
    })
}

async function judgePath(
  file: string,
  options: Options,
  packs: Packs,
  request: DumeRequest | undefined,
): Promise<Line | StreamReport | { readonly problem: string }> {
  try {
    const stats = statSync(file)
    // A pipe or a device has no size and may have no end.
    if (!stats.isFile()) return { problem: 'not a regular file / pas un fichier ordinaire' }
    const isStream = options.stream === true || stats.size > largestBytes
    if (!isStream) return judgeFile(file, packs, request)
    return await judgeStream(file, new Date(), options.records === true ? printRecord : undefined)
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}

function printRecord({ index, offset, format, version, verdict, findings }: StreamedRecord): void {
  process.stdout.write(`${JSON.stringify({ index, offset, format, version, verdict, findings })}\n`)
}

function judgeFile(file: string, packs: Packs, request: DumeRequest | undefined): Line {
  const examination: Examination = examine(readFileSync(file), { now: new Date(), maxBytes: largestBytes, packs })
  const { format, version, verdict } = examination
  const asked = askedFindings(examination, request)
  const findings = [...examination.findings, ...asked]
  return { file, format, version, verdict: isAccepted(asked) ? verdict : 'refused', findings }
}

function textOf(judged: Line | StreamReport): string {
  const { file, format, version, verdict, findings } = judged
  const lines = findings.map((finding) => {
    const place = finding.pointer ?? finding.xpath ?? ''
    const record = finding.record === undefined ? '' : ` [${finding.record}]`
    return `  ${finding.severity.padEnd(6)} ${finding.rule}${record} ${place}\n         ${finding.message.fr}\n         ${finding.message.en}\n         (${finding.source})\n`
  })
  const counts =
    'records' in judged
      ? `  records: ${judged.records.read} read, ${judged.records.accepted} accepted, ${judged.records.refused} refused\n`
      : ''
  return `${file}: ${verdict} (${format}${version === undefined ? '' : ` ${version}`})\n${counts}${lines.join('')}`
}

/** What stands in a hostile file must not steer the terminal of whoever looks at it: only line ends are left as they are. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (control) =>
    control === '\n' ? control : `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
