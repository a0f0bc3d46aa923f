import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { rules } from '@socle/schemas'
import { isTest, readSources, root } from './sources.ts'

const sources = readSources().filter(({ path }) => !isTest(path))
const textOf = (belongs: (path: string) => boolean): string =>
  sources.flatMap(({ path, text }) => (belongs(path) ? [text] : [])).join('\n')

interface CodeEntry {
  readonly code: string
  readonly status: number
  readonly texts: readonly string[]
}

/** The error catalogue as it is written: code, status, and its four texts (title and hint, French then English). */
function readCatalogue(): readonly CodeEntry[] {
  const files = ['error-access', 'error-seal', 'error-catalogue']
  return files
    .map((name) => readFileSync(join(root, `gateway/src/${name}.ts`), 'utf8'))
    .join('\n')
    .split(/^ {2}(?=[A-Z_]+: entry\()/m)
    .slice(1)
    .map((block) => {
      const [, code = '', status = ''] = /^([A-Z_]+): entry\(\s*(\d+)/.exec(block) ?? []
      const texts = [...block.matchAll(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/g)].map(
        ([, single, double]) => single ?? double ?? '',
      )
      return { code, status: Number(status), texts: texts.slice(0, 4) }
    })
}

/** Codes that nothing throws, or gives to whoever throws it. */
function unthrown(codes: readonly string[], text: string): readonly string[] {
  return codes.filter((code) => !new RegExp(String.raw`(?:new HubError\(\s*|code: )'${code}'`).test(text))
}

describe('the catalogue of errors', () => {
  const catalogue = readCatalogue()
  const hub = textOf((path) => path.startsWith('gateway/src/') && !/\/error-(?:access|seal|c)/.test(path))

  test('says of each code what happened and what to do, in French and in English', () => {
    const declared = [...readFileSync(join(root, 'gateway/src/error-codes.ts'), 'utf8').matchAll(/'([A-Z_]+)'/g)].map(
      ([, code]) => code,
    )
    expect(catalogue.map(({ code }) => code)).toEqual(declared)
    expect(new Set(declared).size).toBe(declared.length)
    for (const { code, status, texts } of catalogue) {
      expect(status, code).toBeGreaterThanOrEqual(400)
      expect(texts, code).toHaveLength(4)
      const [frTitle = '', enTitle = '', frHint = '', enHint = ''] = texts
      for (const text of texts) expect(text.length, code).toBeGreaterThan(5)
      expect([enTitle, enHint], code).not.toEqual([frTitle, frHint])
      expect(frHint.includes('{value}'), code).toBe(enHint.includes('{value}'))
      expect(
        /\p{Letter}/u.test(enTitle) && !/[éèêàçù]/.test(enTitle + enHint.replaceAll('…', '')),
        `${code}: ${enHint}`,
      ).toBe(true)
    }
  })

  test('holds no code that nothing throws', () => {
    expect(
      unthrown(
        catalogue.map(({ code }) => code),
        hub,
      ),
    ).toEqual([])
    expect(unthrown(['NEVER_THROWN', 'KEY_REUSED'], hub)).toEqual(['NEVER_THROWN'])
  })

  test('is the only place that decides a status of an error', () => {
    const deciding = sources.filter(
      ({ path, text }) =>
        path.startsWith('gateway/src/') && /\.code\((?:4|5)\d\d\)|statusCode\s*=\s*[45]\d\d/.test(text),
    )
    expect(deciding.map(({ path }) => path)).toEqual([])
  })
})

describe('the catalogue of rules', () => {
  const written = readdirSync(join(root, 'schemas/rules')).flatMap(
    (name) => JSON.parse(readFileSync(join(root, 'schemas/rules', name), 'utf8')) as { id: string }[],
  )
  const judging = textOf((path) => /^(?:mappings|gateway)\/src\//.test(path))

  /** Rules that no code gives. */
  const dead = (ids: readonly string[]): readonly string[] => ids.filter((id) => !judging.includes(`'${id}'`))

  test('holds no rule that nothing applies', () => {
    expect(written.length).toBeGreaterThan(100)
    expect(dead(written.map(({ id }) => id))).toEqual([])
    expect(dead(['HUB-NEVER-APPLIED', 'HUB-DATE'])).toEqual(['HUB-NEVER-APPLIED'])
  })

  test('is the one the code was generated from', () => {
    expect(Object.keys(rules).sort()).toEqual(written.map(({ id }) => id).sort())
  })
})
