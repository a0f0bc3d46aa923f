import {
  type Envelope,
  type Message,
  parseCheckpointText,
  parseLeaf,
  parseNote,
  ProofError,
  reasonOf,
  type Receipt,
} from '@socle/schemas'
import { checkEntryProof, type ProvedEntry } from './check-entry-proof.ts'
import { type ContainerCheck, type LogPlace, printable, requireAfter } from './container-check.ts'
import { deliveryFile, outcomeFile } from './container-layout.ts'
import { containerMessages } from './container-messages.ts'

const steps = [
  { kind: 'dlv', fileOf: deliveryFile, isAbout: isDeliveryOf },
  { kind: 'out', fileOf: outcomeFile, isAbout: isOutcomeOf },
] as const

/** Names of the delivery and outcome proofs of a container, in order: 0001 and on, without a gap. */
export function stepFiles(files: ReadonlyMap<string, Buffer>): readonly string[] {
  return steps.flatMap(({ fileOf }) => {
    const names: string[] = []
    while (files.has(fileOf(names.length + 1))) names.push(fileOf(names.length + 1))
    return names
  })
}

/** Checks that each delivery and outcome is in the log, is about this document, and stands once, in order. */
export function reportSteps(check: ContainerCheck, receipt: Receipt): void {
  const counts = steps.map((step) => reportKind(check, receipt, step))
  const [deliveries, outcomes] = counts
  if (check.brief && deliveries !== undefined && outcomes !== undefined && deliveries + outcomes > 0)
    check.report.proved(check.name, containerMessages.stepsGood(deliveries, outcomes))
}

/** @returns how many say what they are about, when all of them hold */
function reportKind(
  { files, trust, judge, placeOf, report, brief }: ContainerCheck,
  receipt: Receipt,
  { kind, fileOf, isAbout }: (typeof steps)[number],
): number | undefined {
  let last: ProvedEntry | undefined
  let bad = 0
  let told = 0
  let number = 1
  for (; ; number++) {
    const bytes = files.get(fileOf(number))
    if (bytes === undefined) break
    const place = placeOf(fileOf(number))
    try {
      const entry = checkEntryProof(bytes, judge, trust.timestampAuthorities.length > 0)
      if (entry.leaf.kind !== kind) throw new ProofError(`an entry of kind ${entry.leaf.kind}`)
      if (last && last.head.origin === entry.head.origin && last.index >= entry.index)
        throw new ProofError('it stands twice, or not in the order of the log')
      requireAfter(entry, documentOf(receipt))
      if (entry.envelope !== undefined) requireAbout(entry.envelope, receipt, isAbout)
      else if (kind === 'out') throw new ProofError('an outcome is never withheld')
      last = entry
      if (entry.envelope === undefined) report.skipped(place, containerMessages.stepWithheld)
      else told++
      if (entry.envelope !== undefined && !brief)
        report.proved(place, containerMessages.stepGood(wordsOf(entry.envelope), entry.stamp?.time))
    } catch (error) {
      bad++
      report.failed(place, containerMessages.stepBad, reasonOf(error))
    }
  }
  return bad === 0 ? told : undefined
}

/** What the receipt says of its place; that it is so is checked elsewhere. */
function documentOf({ checkpoint, leaf, proof }: Receipt): LogPlace {
  const { origin } = parseCheckpointText(parseNote(checkpoint).text)
  return { leaf: parseLeaf(leaf), index: proof.index, head: { origin } }
}

function requireAbout(
  envelope: Envelope,
  receipt: Receipt,
  isAbout: (envelope: Envelope, id: string) => boolean,
): void {
  if (envelope.environment !== receipt.environment) throw new ProofError('it is of another environment')
  if (!isAbout(envelope, receipt.id)) throw new ProofError('it is about another document')
}

function isDeliveryOf({ delivery }: Envelope, id: string): boolean {
  const documents: unknown = delivery?.documents
  return Array.isArray(documents) && documents.includes(id)
}

function isOutcomeOf({ outcome }: Envelope, id: string): boolean {
  return outcome?.document === id
}

function wordsOf({ at, account, delivery, outcome }: Envelope): Message {
  const who = printable(account)
  if (delivery) {
    const channel = printable(delivery.channel)
    return { fr: `${at} : livré à ${who} (${channel})`, en: `${at}: delivered to ${who} (${channel})` }
  }
  const result = printable(outcome?.result)
  return { fr: `${at} : ${who} a répondu « ${result} »`, en: `${at}: ${who} reported “${result}”` }
}
