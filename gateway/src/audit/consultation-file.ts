import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { basename } from 'node:path'
import { ProofError, type Trust } from '@socle/schemas'
import { consultationFiles } from './consultation-layout.ts'
import type { ReportBuilder } from './report.ts'
import { verifyConsultation } from './verify-consultation.ts'
import type { ByteSource } from './zip-reader.ts'

/** Whether a file begins as the archive of a consultation does: its instructions come first. */
export function isConsultationFile(path: string): boolean {
  using file = openFile(path)
  const { readme } = consultationFiles
  if (file.size < 30 + readme.length) return false
  const header = file.read(0, 30 + readme.length)
  return header.toString('latin1', 0, 4) === 'PK\u0003\u0004' && header.toString('latin1', 30) === readme
}

/** Verifies the archive of a consultation on disk, whatever its size: one container at a time is in memory. */
export async function verifyConsultationFile(
  path: string,
  { trust, now }: { readonly trust: Trust; readonly now: Date | undefined },
  report: ReportBuilder,
): Promise<void> {
  using file = openFile(path)
  const source: ByteSource = { size: file.size, read: async (offset, length) => file.read(offset, length) }
  await verifyConsultation(source, { name: basename(path), now }, trust, report)
}

interface OpenFile extends Disposable {
  readonly size: number
  /** Exactly these bytes. @throws ProofError when they are not there */
  read(offset: number, length: number): Buffer
}

/** @throws ProofError for anything but a regular file */
function openFile(path: string): OpenFile {
  // Without O_NONBLOCK opening a pipe waits for somebody to write into it.
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  const stats = fstatSync(file)
  if (!stats.isFile()) {
    closeSync(file)
    throw new ProofError('not a regular file')
  }
  return {
    size: stats.size,
    read(offset, length) {
      const bytes = Buffer.allocUnsafeSlow(offset >= 0 && offset + length <= stats.size ? length : 0)
      if (bytes.length < length) throw new ProofError('the archive is cut')
      for (let at = 0; at < length;) {
        const got = readSync(file, bytes, at, length - at, offset + at)
        if (got === 0) throw new ProofError('the archive is cut')
        at += got
      }
      return bytes
    },
    [Symbol.dispose]: () => closeSync(file),
  }
}
