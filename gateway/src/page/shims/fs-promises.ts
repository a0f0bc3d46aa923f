/** The part of node:fs/promises that the verifier uses, over the files that were given to the page. */
import { bytesOf, namesIn, type Stats, statsOf } from './files.ts'

export async function readFile(path: string): Promise<Buffer>
export async function readFile(path: string, encoding: BufferEncoding): Promise<string>
/** @throws Error */
export async function readFile(path: string, encoding?: BufferEncoding): Promise<Buffer | string> {
  const bytes = bytesOf(path)
  return encoding === undefined ? bytes : bytes.toString(encoding)
}

/** @throws Error */
export async function readdir(path: string): Promise<string[]> {
  return namesIn(path)
}

/** @throws Error */
export async function stat(path: string): Promise<Stats> {
  return statsOf(path)
}
