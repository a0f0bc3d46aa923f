// oxlint-disable-next-line no-restricted-imports -- tests read installed packs and documents; the code under test reads nothing
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Finding, Notice } from '@socle/schemas'
import { describe, expect, test } from 'vitest'
import { judgeBySdk } from '../packs/judge-eforms.ts'
import { openPacks } from '../packs/open.ts'
import { detectXml } from '../xml/detect.ts'
import { passGate } from '../xml/gate.ts'
import { readXml } from '../xml/read.ts'
import { readNotice } from './read-notice.ts'
import { writeEforms } from './write.ts'

const root = join(import.meta.dirname, '../../..')
const folder = join(root, '.cache/packs')
const installed = existsSync(folder) ? readdirSync(folder) : []
const packs = openPacks({
  list: () => installed,
  read: (pack, path) => {
    const file = join(folder, pack, path)
    return existsSync(file) ? readFileSync(file) : undefined
  },
})

const now = new Date('2026-06-01T00:00:00Z')

/** What the official schema and rules hold against a document. */
function faultsOf(text: string): readonly Finding[] {
  const gated = passGate(Buffer.from(text))
  if ('findings' in gated) throw new Error(JSON.stringify(gated.findings))
  using passed = gated
  const tree = readXml(passed.text, passed.elements)
  return judgeBySdk({ document: passed.document, root: tree, detected: detectXml(tree) }, packs, now)
}

function rewritten(text: string): string {
  const gated = passGate(Buffer.from(text))
  if ('findings' in gated) throw new Error(JSON.stringify(gated.findings))
  using passed = gated
  const written = writeEforms(readNotice(readXml(passed.text, passed.elements), []).notice as Notice)
  if ('missing' in written) throw new Error(JSON.stringify(written.missing))
  return written.content
}

const hasPacks = installed.some((name) => name.startsWith('eforms-sdk-'))

test.skipIf(hasPacks)('no rule pack is installed: the validity of written notices is skipped', ({ annotate }) =>
  annotate(folder, 'skipped'),
)

describe.skipIf(!hasPacks)('under the official schema and rules', () => {
  const examples = join(root, 'schemas/examples/documents')
  const own = readdirSync(examples).filter((name) => name.startsWith('eforms-'))

  test.each(own)('%s is valid, and what is written of it too', (name) => {
    const text = readFileSync(join(examples, name), 'utf8')
    expect(faultsOf(text)).toEqual([])
    expect(faultsOf(rewritten(text))).toEqual([])
  })

  const samples = join(root, '../shared/data/eforms/notices')
  const names = existsSync(samples) ? readdirSync(samples).filter((name) => !name.startsWith('INVALID_')) : []

  test.skipIf(names.length > 0)('official samples are not here: skipped', ({ annotate }) =>
    annotate(samples, 'skipped'),
  )

  test.skipIf(names.length === 0).each(names)('%s breaks no rule once written that it did not break before', (name) => {
    const text = readFileSync(join(samples, name), 'utf8')
    const before = new Set(faultsOf(text).map(({ rule }) => rule))
    const after = faultsOf(rewritten(text))
    expect(after.filter(({ rule }) => !before.has(rule))).toEqual([])
    // The schema is never broken by what is written, whatever the source did.
    expect(after.filter(({ rule }) => rule.startsWith('XSD-'))).toEqual([])
  })
})
