import { readFileSync, writeFileSync } from 'node:fs'
import { type Loss, type Packs, type Target, examine, explain, openPacks, targets, translate } from '@socle/mappings'
import { type Command, Option } from 'commander'
import { packsIn } from '../packs/folder.ts'
import { exitCodes, Unusable } from './exit.ts'
import { packsOption } from './packs-option.ts'

/** Largest file translated, in bytes. */
const largestBytes = 104_857_600

interface Options {
  readonly to?: Target
  readonly out?: string
  readonly record: string
  readonly explain?: true
  readonly packs: string
}

export function mapCommand(program: Command): void {
  program
    .command('map')
    .argument('<file>')
    .addOption(new Option('--to <format>', 'format to write').choices(targets))
    .option('--out <file>', 'where to write (default: standard output)')
    .option('--record <n>', 'which record of a file of several, from 0', '0')
    .option('--explain', 'tell each canonical field instead: state, place in the source, value')
    .addOption(packsOption)
    .description(
      'translate a file; findings and losses on stderr; exit 1 when it is refused (written all the same where it can be read) or something is missing',
    )
    .action((file: string, options: Options) => {
      const packs = openPacks(packsIn(options.packs))
      const record = Number(options.record)
      if (!Number.isInteger(record) || record < 0) throw new Unusable('--record is a number from 0')
      const bytes = readFileSync(file)
      if (bytes.length > largestBytes) throw new Unusable(`${bytes.length} bytes: larger than ${largestBytes}`)
      if (options.explain) tellFields(bytes, record, packs)
      else if (options.to === undefined) throw new Unusable(`--to is needed: ${targets.join(', ')}; or --explain`)
      else map(bytes, { ...options, to: options.to }, { record, packs })
    })
}

interface Source {
  readonly record: number
  readonly packs: Packs
}

function map(bytes: Uint8Array, { to, out }: Options & { readonly to: Target }, { record, packs }: Source): void {
  const reading = { now: new Date(), maxBytes: largestBytes }
  const judged = examine(bytes, { ...reading, packs })
  for (const { rule, severity, message, pointer, xpath } of judged.findings) {
    process.stderr.write(`${severity} ${rule} ${pointer ?? xpath ?? ''}: ${message.fr} / ${message.en}\n`)
  }
  if (judged.verdict === 'refused') process.exitCode = exitCodes.failed
  // What official rules refuse can still be read: it is written, its findings are told and the exit code says so.
  const { records } = judged.verdict === 'refused' ? examine(bytes, { ...reading, packs: 'none' }) : judged
  const canonical = records[record]?.canonical
  if (canonical === undefined) {
    process.exitCode = exitCodes.failed
    return
  }
  if (records.length > 1) process.stderr.write(`document ${record + 1} / ${records.length} (--record)\n`)
  const written = translate(canonical, to)
  if (written === undefined) throw new Unusable(`a ${canonical.kind} is never written as ${to}`)
  if ('missing' in written) {
    process.stderr.write('à compléter avant d’écrire / to be given before it can be written:\n')
    tellLosses(written.missing)
    process.exitCode = exitCodes.failed
    return
  }
  for (const path of explain(bytes, record, packs)?.unread ?? []) process.stderr.write(`non lu / not read: ${path}\n`)
  tellLosses(written.losses)
  if (out === undefined) process.stdout.write(written.content)
  else writeFileSync(out, written.content)
}

function tellLosses(losses: readonly Loss[]): void {
  for (const { field, message } of losses) process.stderr.write(`${field}: ${message.fr} / ${message.en}\n`)
}

/** One field a line: pointer, name, state, place in the source, value; tabs between. */
function tellFields(bytes: Uint8Array, record: number, packs: Packs): void {
  const explanation = explain(bytes, record, packs)
  if (explanation === undefined) throw new Unusable('no format whose fields can be explained, or no such record')
  for (const { field, name, state, until, source, value } of explanation.fields) {
    const told = until === undefined ? state : `${state} until ${until}`
    process.stdout.write(`${[field, name ?? '', told, source ?? '', printable(value ?? '')].join('\t')}\n`)
  }
  for (const path of explanation.unread) process.stderr.write(`non lu / not read: ${path}\n`)
}

function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, ' ')
}
