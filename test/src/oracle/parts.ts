import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * The official schema cut so that the oracle need not compile 7 MB a phase: the patterns that all phases share once, and
 * those of one phase by themselves. Patterns do not see each other (ISO/IEC 19757-3), so that what fails in a phase is
 * what fails in its two parts; one phase a run is compiled whole to prove it.
 */
export interface Parts {
  readonly phases: readonly string[]
  /** Writes the schema of a part into a folder and gives its path. `shared`, or a phase. */
  readonly write: (part: string, folder: string) => string
}

export function cutSchema(sdk: string): Parts {
  const folder = join(sdk, 'schematrons/static')
  const schema = readFileSync(join(folder, 'complete-validation.sch'), 'utf8')
  const files = new Map(allOf(schema, /<include href="([^"]+)"/g).map((href) => describe(folder, href)))
  const phases = new Map(
    [...schema.matchAll(/<phase id="([^"]+)">([\s\S]*?)<\/phase>/g)].map(([, id = '', body = '']) => [
      id,
      allOf(body, /pattern="([^"]+)"/g),
    ]),
  )
  const [first = [], ...others] = phases.values()
  const shared = first.filter((pattern) => others.every((patterns) => patterns.includes(pattern)))
  const head = [...schema.matchAll(/<(?:ns|let) [^>]*>/g)].map(([text]) => text)

  function write(part: string, target: string): string {
    const own = phases.get(part)?.filter((pattern) => !shared.includes(pattern)) ?? shared
    const lines = [...files].flatMap(([id, { href, lets }]) =>
      own.includes(id) ? [`<include href="${pathToFileURL(join(folder, href)).href}"/>`] : lets,
    )
    // Variables of patterns are global: those of the patterns left out are declared here. `let` comes before `include`.
    const body = [
      ...lines.filter((line) => line.startsWith('<let')),
      ...lines.filter((line) => !line.startsWith('<let')),
    ]
    const path = join(target, `${part}.sch`)
    const root = '<schema xmlns="http://purl.oclc.org/dsdl/schematron" queryBinding="xslt2">'
    writeFileSync(path, [root, ...head, ...body, '</schema>'].join('\n'))
    return path
  }

  return { phases: [...phases.keys()], write }
}

interface PatternFile {
  readonly href: string
  readonly lets: readonly string[]
}

function describe(folder: string, href: string): readonly [string, PatternFile] {
  const text = readFileSync(join(folder, href), 'utf8')
  const [id = href] = allOf(text, /<pattern id="([^"]+)"/g)
  return [id, { href, lets: [...text.matchAll(/<let [^<]*?\/>/g)].map(([found]) => found) }]
}

function allOf(text: string, shape: RegExp): readonly string[] {
  return [...text.matchAll(shape)].map(([, found = '']) => found)
}
