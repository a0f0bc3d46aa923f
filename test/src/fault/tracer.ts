import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** The system calls that decide whether an acknowledged document survives a power cut. */
const calls = 'fdatasync,fsync,write,writev,pwrite64'

/** Long enough for a whole page of the database: the id of a document is looked for in it. */
const longestString = 8_400

/** Undefined when strace is here and may trace; otherwise why not. */
export function whyNoTracer(): string | undefined {
  const { status, error, stderr } = spawnSync('strace', ['-f', '-o', '/dev/null', 'true'], { encoding: 'utf8' })
  if (error) return 'strace is not installed'
  return status === 0 ? undefined : `strace may not trace here: ${stderr.trim()}`
}

/**
 * Missing tracer: said aloud and skipped; under CI=true the tests run and fail instead, so that the suite is never green
 * for want of looking.
 */
export function maySkipTracing(): boolean {
  const reason = whyNoTracer()
  if (reason === undefined) return false
  console.warn(`SKIPPED, nothing was proved: ${reason}`)
  return process.env['CI'] !== 'true'
}

/** Command line that runs a program and writes its calls to a file. */
export function tracing(file: string): readonly string[] {
  return ['strace', '-f', '-y', '-tt', '-s', String(longestString), '-e', `trace=${calls}`, '-o', file]
}

/**
 * Command line that makes system calls on one file fail: `pwrite64:error=ENOSPC:when=3..8`, counted by thread.
 * What the program sees is what a full or broken disk shows it, without a disk to break. Failures are noted in `notes`.
 */
export function failing(file: string, injection: string, notes: string): readonly string[] {
  const calls = injection.split(':')[0] ?? ''
  return ['strace', '-f', '-P', file, '-e', `trace=${calls}`, '-e', `inject=${injection}`, '-s', '0', '-o', notes]
}

/** How many calls were made to fail. */
export function failuresIn(notes: string): number {
  return readFileSync(notes, 'latin1').split('(INJECTED)').length - 1
}
