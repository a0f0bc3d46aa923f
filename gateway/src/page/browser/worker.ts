import type { Outcome } from '../outcome.ts'
import type { GivenFile } from '../shims/files.ts'
import { verifyFiles } from '../verify-files.ts'

/** From the page: what was given. */
export type Asked = readonly { readonly path: string; readonly file: File }[]

/** To the page. */
export type Told = { readonly outcome: Outcome } | { readonly failure: string }

/** A browser's files can be read without waiting in a worker only: `self` has this there. */
interface SyncReader {
  readAsArrayBuffer(blob: Blob): ArrayBuffer
}
declare const FileReaderSync: new () => SyncReader

const reader = new FileReaderSync()

addEventListener('message', ({ data }: MessageEvent<Asked>) => {
  const given = new Map<string, GivenFile>(data.map(({ path, file }) => [path, openFile(file)]))
  verifyFiles(given, new Date()).then(
    (outcome) => tell({ outcome }),
    (error: unknown) => tell({ failure: error instanceof Error ? error.message : '' }),
  )
})

function openFile(file: File): GivenFile {
  return {
    size: file.size,
    read: (from, to) => new Uint8Array(reader.readAsArrayBuffer(file.slice(from, to))),
  }
}

function tell(told: Told): void {
  postMessage(told)
}
