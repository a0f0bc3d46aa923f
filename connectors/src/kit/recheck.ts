import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Check, type Receipt, type Trust, verifyReceipt } from '@socle/schemas'
import { readIfThere } from './durable-file.ts'
import { reasonFor } from './reason.ts'
import { readKeyNotes, receiptSuffix } from './receipt-store.ts'

export interface RecheckReport {
  /** Receipts proved, content included. */
  readonly proved: number
  /** Receipts proved whose document could not be had: everything but the content was checked. */
  readonly provedWithoutContent: number
  readonly failures: readonly RecheckFailure[]
}

export interface RecheckFailure {
  /** File, or key, that is wrong. */
  readonly what: string
  readonly reason: string
  readonly checks: readonly Check[]
}

/** The exact bytes of a deposit, or undefined when they are gone. */
export type ContentOf = (receipt: Receipt) => Promise<Uint8Array | undefined>

/**
 * Verifies every kept receipt again, offline: the day a receipt is needed is not the day to learn that it is damaged.
 * A file that cannot be read and a key without its receipt are failures like the others; nothing is skipped.
 */
export async function recheck(directory: string, trust: Trust, contentOf: ContentOf): Promise<RecheckReport> {
  let proved = 0
  let provedWithoutContent = 0
  const failures: RecheckFailure[] = []
  const files = (await readdir(directory)).filter((name) => name.endsWith(receiptSuffix)).sort()
  for (const file of files) {
    const one = await recheckOne(join(directory, file), trust, contentOf)
    if (one === 'proved') proved += 1
    else if (one === 'proved-without-content') provedWithoutContent += 1
    else failures.push({ what: file, ...one })
  }
  try {
    for await (const { key, receipt } of readKeyNotes(directory))
      if (!files.includes(`${receipt}${receiptSuffix}`))
        failures.push({ what: key, reason: `receipt ${receipt} is missing`, checks: [] })
  } catch (error) {
    failures.push({ what: 'keys', reason: reasonFor(error), checks: [] })
  }
  return { proved, provedWithoutContent, failures }
}

async function recheckOne(
  path: string,
  trust: Trust,
  contentOf: ContentOf,
): Promise<'proved' | 'proved-without-content' | Omit<RecheckFailure, 'what'>> {
  try {
    const bytes = (await readIfThere(path)) ?? Buffer.alloc(0)
    const shape = verifyReceipt(bytes, { trust })
    const content = shape.receipt ? await contentOf(shape.receipt) : undefined
    const { verdict, checks } = content ? verifyReceipt(bytes, { trust, content }) : shape
    if (verdict === 'proved') return content ? 'proved' : 'proved-without-content'
    const failed = checks.filter(({ result }) => result === 'failed').map(({ name }) => name)
    return { reason: `not proved: ${failed.join(', ')}`, checks }
  } catch (error) {
    return { reason: reasonFor(error), checks: [] }
  }
}
