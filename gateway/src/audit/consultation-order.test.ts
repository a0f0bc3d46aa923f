import { createHash } from 'node:crypto'
import { parseLeaf } from '@socle/schemas'
import { beforeAll, describe, expect, test } from 'vitest'
import { consultationFiles, consultationFormat, containerPath, type IndexedContainer } from './consultation-layout.ts'
import { consultationReadme } from './consultation-readme.ts'
import { writeContainer } from './container.ts'
import { parseConsultationIndex } from './parse-consultation-index.ts'
import { createReport, type Report } from './report.ts'
import { consultation, makeSmallLog, type SmallLog } from './testing/small-log.ts'
import { verifyConsultation } from './verify-consultation.ts'
import { bytesSource } from './zip-reader.ts'
import { zipOf } from './zip-writer.ts'

type Sort = 'whole' | 'erased' | 'alsoErased'

let log: SmallLog
beforeAll(async () => {
  log = await makeSmallLog()
})

interface Told {
  readonly line: IndexedContainer
  readonly bytes: Buffer
}

async function tell(sort: Sort, at: number): Promise<Told> {
  const bytes = await writeContainer(log[sort])
  const { id, type, at: recordedAt } = parseLeaf(log[sort].leaf)
  const line: IndexedContainer = {
    file: containerPath(at + 1, id),
    id,
    kind: type,
    at: recordedAt,
    state: sort === 'whole' ? 'recorded' : 'erased',
    seal: sort === 'whole' ? 'CAdES-T' : 'none',
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }
  return { line, bytes }
}

/** An archive whose list fits what it holds. */
async function judge(sorts: readonly Sort[], of = consultation): Promise<Report> {
  const told = await Promise.all(sorts.map(tell))
  const list = { format: consultationFormat, consultation: of, documents: told.map(({ line }) => line) }
  const archive = await zipOf([
    { name: consultationFiles.readme, bytes: Buffer.from(consultationReadme) },
    ...told.map(({ line, bytes }) => ({ name: line.file, bytes })),
    { name: consultationFiles.index, bytes: Buffer.from(`${JSON.stringify(list, undefined, 2)}\n`) },
  ])
  const report = createReport()
  await verifyConsultation(bytesSource(archive), { name: 'c.zip', now: undefined }, log.trust, report)
  return report.finish()
}

describe('the archive of a consultation', () => {
  test('is proved in the order of the log', async () => {
    const report = await judge(['whole', 'alsoErased'])
    expect(report.verdict, report.text('en')).toBe('proved')
  })

  test('says that nothing proves of which consultation an erased document was', async () => {
    const { checks } = await judge(['alsoErased'], 'another-consultation')
    const told = checks.filter(({ message }) => message.en.includes('nothing proves any more that it was of this'))
    expect(told.map(({ result, place }) => [result, place.includes('/00001-')])).toEqual([['not-checked', true]])
  })

  test.each<[string, readonly Sort[], string]>([
    ['nothing in it', [], 'it holds no container'],
    ['the order of the log turned round', ['alsoErased', 'whole'], 'not in the order of the log'],
    ['one document twice', ['whole', 'whole'], 'it stands twice'],
    ['one document whole and erased', ['whole', 'erased'], 'it stands twice'],
  ])('is not proved with %s, though its list fits', async (_, sorts, reason) => {
    const report = await judge(sorts)
    expect(report.verdict).toBe('not-proved')
    expect(report.text('en')).toContain(reason)
  })

  test('is refused with a list that says a member twice', () => {
    const list = JSON.stringify({ format: consultationFormat, consultation, documents: [] }, undefined, 2)
    expect(parseConsultationIndex(Buffer.from(`${list}\n`)).consultation).toBe(consultation)
    const twice = list.replace('"consultation"', '"consultation": "other",\n  "consultation"')
    expect(() => parseConsultationIndex(Buffer.from(`${twice}\n`))).toThrow('not as it was written')
  })
})
