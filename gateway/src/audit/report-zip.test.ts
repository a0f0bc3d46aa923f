import { beforeAll, expect, test } from 'vitest'
import { writeContainer } from './container.ts'
import { createReport, type Report } from './report.ts'
import { makeSmallLog, type SmallLog } from './testing/small-log.ts'
import { verifyContainer } from './verify-container.ts'

let log: SmallLog
let containers: readonly Buffer[]
beforeAll(async () => {
  log = await makeSmallLog()
  containers = await Promise.all([log.whole, log.erased].map(async (parts) => await writeContainer(parts)))
})

async function judge(bytes: Buffer): Promise<Report> {
  const report = createReport()
  await verifyContainer(bytes, { name: 'c.asice', brief: false }, log.trust, report)
  return report.finish()
}

const otherZip = ({ checks }: Report): readonly string[] =>
  checks.flatMap(({ result, message }) => (message.en.includes('written again') ? [result] : []))

test('a container as the hub gave it is not said to be written again', async () => {
  for (const bytes of containers) {
    const report = await judge(bytes)
    expect(report.verdict).toBe('proved')
    expect(otherZip(report)).toEqual([])
  }
})

test('a date or an attribute that is another is told, and proves no less', async () => {
  for (const original of containers) {
    const directory = original.readUInt32LE(original.length - 6)
    // Of the first file: time in its local header, date in the directory, version that wrote it, permissions.
    for (const at of [10, directory + 14, directory + 4, directory + 40]) {
      const bytes = Buffer.from(original)
      bytes[at] = (bytes[at] ?? 0) ^ 0x02
      const report = await judge(bytes)
      expect(report.verdict, `${at}`).toBe('proved')
      expect(otherZip(report), `${at}`).toEqual(['not-checked'])
    }
  }
})
