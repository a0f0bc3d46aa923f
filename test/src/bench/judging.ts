import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { defaultPacksFolder, packsIn } from '@socle/gateway'
import { examine, openPacks, type Packs } from '@socle/mappings'
import { XmlDocument } from 'libxml2-wasm'

/** One document judged again and again, in documents a second. */
interface JudgingRow {
  readonly name: string
  readonly bytes: number
  /** libxml2: parse and official schema, nothing else. */
  readonly schemaOnly: number
  /** The whole examination: gate, tree, schema, official rules, our rules, canonical form. */
  readonly whole: number
  readonly verdict: string
}

const documents = join(import.meta.dirname, '../../../schemas/examples/documents')
const shared = join(import.meta.dirname, '../../../../shared/data')
const now = new Date('2026-06-01T12:00:00Z')

/**
 * What a document costs beside the parser and the schema that everybody needs, in one run: eForms notices of 75 to
 * 100 KB and a large ESPD response. Official samples are measured too where they are at hand.
 */
export function benchJudging(seconds: number): void {
  const packs = openPacks(packsIn(defaultPacksFolder))
  if (packs.installed.length === 0) {
    process.stdout.write('\njudging: no rule packs (socle packs install), not measured\n')
    return
  }
  const samples = [['our notice, 12 lots', manyLots(12)] as const, ...sharedSamples()]
  const rows = samples.map(([name, bytes]) => measure(name, bytes, { packs, seconds }))
  process.stdout.write('\njudging                                   bytes   schema/s    whole/s   ratio  verdict\n')
  for (const { name, bytes, schemaOnly, whole, verdict } of rows) {
    const ratio = (whole / schemaOnly).toFixed(2)
    process.stdout.write(
      `${name.padEnd(36)} ${String(bytes).padStart(10)} ${schemaOnly.toFixed(0).padStart(10)} ${whole.toFixed(0).padStart(10)} ${ratio.padStart(7)}  ${verdict}\n`,
    )
  }
}

interface Bench {
  readonly packs: Packs
  readonly seconds: number
}

function measure(name: string, bytes: Uint8Array, { packs, seconds }: Bench): JudgingRow {
  const validate = schemaOf(bytes, packs)
  const { verdict } = examine(bytes, { now, packs })
  return {
    name,
    bytes: bytes.length,
    schemaOnly: rate(seconds, () => {
      using document = XmlDocument.fromBuffer(bytes)
      validate(document)
    }),
    whole: rate(seconds, () => {
      examine(bytes, { now, packs })
    }),
    verdict,
  }
}

function schemaOf(bytes: Uint8Array, packs: Packs): (document: XmlDocument) => void {
  using document = XmlDocument.fromBuffer(bytes)
  const namespace = document.root.namespaceUri
  const minor = /eforms-sdk-(\d+\.\d+)</.exec(new TextDecoder().decode(bytes))?.[1]
  const schemas =
    minor === undefined
      ? packs.ubl(/UBLVersionID[^>]*>2\.2</.test(new TextDecoder().decode(bytes)) ? '2.2' : '2.3')
      : packs.sdk(minor)?.schemas
  if (schemas?.validate(document, namespace) === undefined) throw new Error('no schema')
  return (each) => schemas.validate(each, namespace)
}

/** Runs a second to warm up, then counts. */
function rate(seconds: number, work: () => void): number {
  const until = (end: number): number => {
    let count = 0
    while (performance.now() < end) {
      work()
      count += 1
    }
    return count
  }
  until(performance.now() + 1_000)
  const start = performance.now()
  const count = until(start + seconds * 1_000)
  return (count * 1_000) / (performance.now() - start)
}

/** Our example notice with its first lot repeated: the size of a real notice of a dozen lots. */
function manyLots(count: number): Uint8Array {
  const text = readFileSync(join(documents, 'eforms-cn-16.xml'), 'utf8')
  const start = text.indexOf('  <cac:ProcurementProjectLot>')
  const end = text.indexOf('</cac:ProcurementProjectLot>', start) + '</cac:ProcurementProjectLot>\n'.length
  const last = text.lastIndexOf('</cac:ProcurementProjectLot>') + '</cac:ProcurementProjectLot>\n'.length
  const lots = Array.from({ length: count }, (_, i) =>
    text
      .slice(start, end)
      .replaceAll('LOT-0001', `LOT-${String(i + 1).padStart(4, '0')}`)
      // The buyer's own reference of a lot is there once in a notice.
      .replace(/(<cac:ProcurementProject>\s*<cbc:ID[^>]*>)([^<]*)/, `$1$2-${i + 1}`),
  )
  return Buffer.from(text.slice(0, start) + lots.join('') + text.slice(last))
}

function sharedSamples(): readonly (readonly [name: string, bytes: Uint8Array])[] {
  const notices = join(shared, 'eforms/notices')
  if (!existsSync(notices)) return []
  const ofSize = readdirSync(notices)
    .map((name) => [name, readFileSync(join(notices, name))] as const)
    .filter(([, { length }]) => length >= 60_000 && length <= 110_000)
  const response = join(shared, 'espd/v4.1.0/ESPD-Response.xml')
  return [...ofSize, ['ESPD-Response 4.1.0', readFileSync(response)]]
}
