import { createHash } from 'node:crypto'
import { ProofError, reasonOf, type Trust } from '@socle/schemas'
import { type ConsultationIndex, consultationFiles, containerPath, maxContainers } from './consultation-layout.ts'
import { consultationReadme } from './consultation-readme.ts'
import type { ContainerFacts, LogPlace } from './container-check.ts'
import { containerMessages } from './container-messages.ts'
import { messages } from './messages.ts'
import { parseConsultationIndex } from './parse-consultation-index.ts'
import { containerLimits } from './read-container.ts'
import { createReport, type ReportBuilder } from './report.ts'
import { type ContainerPlace, verifyContainer } from './verify-container.ts'
import { type ByteSource, openZip, readEntry, type ZipEntry } from './zip-reader.ts'

/** Containers, the instructions and the list. Each container is bounded as if it came alone; only one is in memory. */
const limits = {
  entries: maxContainers + 2,
  entryBytes: containerLimits.bytes,
  bytes: maxContainers * containerLimits.bytes,
  ratio: 1,
}
/** A line of the list has some 400 bytes. */
const maxIndexBytes = 67_108_864

/**
 * Verifies the archive of a consultation: that it is whole, that each container is the one its list names, and every
 * container by itself. Reads one container at a time. Never throws for what the archive holds: the report says it.
 */
export async function verifyConsultation(
  source: ByteSource,
  { name, now }: Pick<ContainerPlace, 'name' | 'now'>,
  trust: Trust,
  report: ReportBuilder,
): Promise<void> {
  try {
    const { index, containers, readme } = await openArchive(source)
    if (!readme.equals(Buffer.from(consultationReadme)))
      report.skipped(`${name}!/${consultationFiles.readme}`, messages.readmeOther)
    let bad = 0
    const order = createOrder()
    for (const [at, entry] of containers.entries())
      if (!(await verifyOne({ source, entry, index, at, now, order, place: `${name}!/${entry.name}` }, trust, report)))
        bad++
    if (bad === 0) report.proved(name, containerMessages.archiveGood(containers.length))
  } catch (error) {
    report.failed(name, containerMessages.archiveBad, reasonOf(error))
  }
}

interface Archive {
  readonly index: ConsultationIndex
  readonly containers: readonly ZipEntry[]
  readonly readme: Buffer
}

/** @throws ProofError when it is no whole archive, or its list names other files */
async function openArchive(source: ByteSource): Promise<Archive> {
  const entries = await openZip(source, limits)
  const containers = entries.slice(1, -1)
  const [readme, list] = [entries[0], entries.at(-1)]
  if (readme?.name !== consultationFiles.readme || list?.name !== consultationFiles.index)
    throw new ProofError('it does not begin with its instructions, or does not end with its list')
  if (entries.some(({ packed }) => packed)) throw new ProofError('a file is compressed')
  if (readme.size > maxIndexBytes || list.size > maxIndexBytes) throw new ProofError('the list is too large')
  const index = parseConsultationIndex(await readEntry(source, list))
  const isListed = containers.every(({ name, size }, at) => {
    const line = index.documents[at]
    return line?.size === size && line.file === name && name === containerPath(at + 1, line.id)
  })
  if (containers.length === 0) throw new ProofError('it holds no container')
  if (!isListed || index.documents.length !== containers.length)
    throw new ProofError('the list names other containers than there are')
  return { index, containers, readme: await readEntry(source, readme) }
}

interface One {
  readonly source: ByteSource
  readonly entry: ZipEntry
  readonly index: ConsultationIndex
  readonly at: number
  readonly place: string
  readonly order: Order
  readonly now: Date | undefined
}

async function verifyOne(
  { source, entry, index, at, place, order, now }: One,
  trust: Trust,
  report: ReportBuilder,
): Promise<boolean> {
  // Of its own: a consultation of thousands is told in one line a container, and what is wrong or was not checked.
  const alone = createReport()
  let bytes: Buffer
  try {
    bytes = await readEntry(source, entry)
  } catch (error) {
    report.failed(place, messages.containerBad, reasonOf(error))
    return false
  }
  const facts = await verifyContainer(bytes, { name: place, brief: true, now }, trust, alone)
  const { verdict, checks } = alone.finish()
  for (const { place: where, result, message, detail } of checks) {
    if (result === 'failed') report.failed(where, message, detail)
    if (result === 'not-checked') report.skipped(where, message)
  }
  const reason =
    verdict === 'proved' ? (differenceFrom(index, at, { bytes, facts }) ?? order.faultOf(facts?.place)) : undefined
  if (reason !== undefined) report.failed(place, containerMessages.archiveListBad, reason)
  const proved = verdict === 'proved' && reason === undefined
  if (proved) report.proved(place, containerMessages.containerProved)
  // What it was of was erased with it, and nobody signs the list that names it here.
  if (proved && facts?.seal === 'none') report.skipped(place, containerMessages.erasedElsewhere)
  return proved
}

/** Of the containers told so far. */
interface Order {
  /** @returns why this one cannot stand after the others */
  faultOf(place: LogPlace | undefined): string | undefined
}

/** Containers stand in the order of the log, none twice; where a log goes on in another, its entries do not come back. */
function createOrder(): Order {
  const last = new Map<string, number>()
  const ids = new Set<string>()
  let current: string | undefined
  return {
    faultOf(place) {
      if (place === undefined) return undefined
      const { leaf, index, head } = place
      const known = last.get(head.origin)
      const isBack = known !== undefined && (known >= index || current !== head.origin)
      if (isBack || ids.has(leaf.id)) return 'it stands twice, or not in the order of the log'
      last.set(head.origin, index)
      ids.add(leaf.id)
      current = head.origin
      return undefined
    },
  }
}

/** What the list says of a container that the container does not say itself. */
function differenceFrom(
  { consultation, documents }: ConsultationIndex,
  at: number,
  { bytes, facts }: { readonly bytes: Buffer; readonly facts: ContainerFacts | undefined },
): string | undefined {
  const line = documents[at]
  if (line === undefined || facts === undefined) return 'it says nothing of this container'
  if (line.sha256 !== createHash('sha256').update(bytes).digest('hex')) return 'the SHA-256 digest differs'
  const { seal, place } = facts
  const { leaf } = place
  const said = [line.id, line.kind, line.at, line.seal, line.state]
  const found = [leaf.id, leaf.type, leaf.at, seal, seal === 'none' ? 'erased' : 'recorded']
  if (said.some((value, member) => value !== found[member])) return 'the list says otherwise than the container'
  if (seal !== 'none' && facts.consultation !== consultation) return 'it is of another consultation'
  return undefined
}
