import type { Notice } from '@socle/schemas'
import { examine } from '../../examine.ts'
import type { Examination } from '../../examination.ts'

/** A document with some texts replaced wherever they stand, for tests of this folder. Throws when one is not there. */
export function edited(document: Buffer, ...edits: readonly (readonly [before: string, after: string])[]): Buffer {
  let text = document.toString()
  for (const [before, after] of edits) {
    if (!text.includes(before)) throw new Error(`there is no ${before}`)
    text = text.replaceAll(before, after)
  }
  return Buffer.from(text)
}

/** What is told of a document, without the messages. */
export function toldOf({ findings }: Examination): readonly string[] {
  return findings.map(({ rule, pointer, xpath }) => `${rule} ${pointer ?? xpath ?? ''}`)
}

/** The first notice of a document that our own rules accept. Throws when they refuse it. */
export function noticeOf(bytes: Uint8Array): Notice {
  const { records, findings } = examine(bytes, { packs: 'none' })
  const canonical = records[0]?.canonical
  if (canonical?.kind !== 'notice') throw new Error(JSON.stringify(findings))
  return canonical
}

/** The shortest of a few runs, in milliseconds: the others waited for something else on a machine that has other work. */
export function shortest(run: () => unknown): number {
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now()
    run()
    return performance.now() - start
  })
  return Math.min(...times)
}
