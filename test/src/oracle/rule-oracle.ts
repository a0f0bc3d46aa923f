import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { type Parts, cutSchema } from './parts.ts'
import { sources } from './prepare.ts'
import type { OracleProcess } from './process.ts'

/** Saxon and SchXslt on the rules of one SDK. Stylesheets are kept on disk; of the phases, one is held at a time. */
export class RuleOracle {
  readonly phases: readonly string[]
  readonly #java: OracleProcess
  readonly #parts: Parts
  readonly #sdk: string
  readonly #folder: string
  readonly #loaded = new Set<string>()

  constructor(java: OracleProcess, home: string, sdk: string) {
    this.#java = java
    this.#sdk = sdk
    this.#parts = cutSchema(sdk)
    this.phases = this.#parts.phases
    const makers = ['Oracle.java', 'instrument.xsl', 'pom.xml', 'parts.ts'].map((name) => join(sources, name))
    const digest = createHash('sha256')
    for (const path of makers) digest.update(readFileSync(path))
    this.#folder = join(home, `${sdk.split('/').at(-1)}-${digest.digest('hex').slice(0, 12)}`)
    mkdirSync(this.#folder, { recursive: true })
  }

  /** What fails in a phase, a line each: id, location as `fn:path` has it, error code or nothing. */
  async judge(phase: string, document: string, now: string): Promise<readonly string[]> {
    await this.hold(phase)
    const encoded = Buffer.from(document).toString('base64')
    const shared = await this.#java.ask('run', 'shared', now, encoded)
    return [...shared, ...(await this.#java.ask('run', phase, now, encoded))]
  }

  /** The same by the stylesheet of the whole phase as SchXslt makes it, which stops at the first error. */
  async judgeWhole(phase: string, documents: readonly string[], now: string): Promise<readonly (readonly string[])[]> {
    const schema = join(this.#sdk, 'schematrons/static/complete-validation.sch')
    await this.load(`whole-${phase}`, () => schema, { phase, mode: 'whole' })
    const answers: (readonly string[])[] = []
    for (const document of documents) {
      answers.push(await this.#java.ask('run', `whole-${phase}`, now, Buffer.from(document).toString('base64')))
    }
    await this.#java.ask('forget', `whole-${phase}`)
    this.#loaded.delete(`whole-${phase}`)
    return answers
  }

  private async hold(phase: string): Promise<void> {
    const part = (name: string) =>
      this.load(name, () => this.#parts.write(name, this.#folder), { phase: '#ALL', mode: 'each' })
    await part('shared')
    for (const other of [...this.#loaded].filter((name) => name !== 'shared' && name !== phase)) {
      await this.#java.ask('forget', other)
      this.#loaded.delete(other)
    }
    await part(phase)
  }

  private async load(
    name: string,
    schema: () => string,
    { phase, mode }: { readonly phase: string; readonly mode: 'each' | 'whole' },
  ): Promise<void> {
    if (this.#loaded.has(name)) return
    const stylesheet = join(this.#folder, `${name}.xsl`)
    if (!existsSync(stylesheet)) {
      await this.#java.ask('transpile', schema(), phase, `${stylesheet}.part`, mode)
      renameSync(`${stylesheet}.part`, stylesheet)
    }
    await this.#java.ask('rules', name, stylesheet)
    this.#loaded.add(name)
  }
}
