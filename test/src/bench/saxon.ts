import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defaultPacksFolder, packsIn } from '@socle/gateway'
import { openPacks, passGate, readXml } from '@socle/mappings'
import { prepare } from '../oracle/prepare.ts'
import { OracleProcess } from '../oracle/process.ts'
import { RuleOracle } from '../oracle/rule-oracle.ts'

const phase = 'eforms-16'
const version = '1.15.1'
const now = '2026-06-15T10:00:00Z'
/** Judgements before counting: both have compiled what is hot by then. */
const warmUp = 60

/**
 * The official rules by Saxon-HE, warm, with the stylesheet that SchXslt makes of one phase, beside our engine, on the
 * same notice of the SDK: each parses the document and gives the failed asserts. Saxon's figure holds a pipe and base64.
 */
export async function benchSaxon(seconds: number): Promise<void> {
  const prepared = await prepare()
  const pack = openPacks(packsIn(defaultPacksFolder)).sdk('1.15')
  if (!prepared.ready || pack === undefined) {
    process.stdout.write(`\nSaxon-HE: not measured (${prepared.ready ? 'no rule packs' : prepared.reason})\n`)
    return
  }
  const sdk = prepared.sdk(version)
  const bytes = readFileSync(join(sdk, 'examples/notices/cn_24_maximal.xml'))
  const document = bytes.toString()
  await using java = new OracleProcess(prepared.home)
  const oracle = new RuleOracle(java, prepared.home, sdk)
  const theirs = async (count: number): Promise<number> => {
    const start = performance.now()
    await oracle.judgeWhole(
      phase,
      Array.from({ length: count }, () => document),
      now,
    )
    return performance.now() - start
  }
  // The stylesheet is compiled at each call: what that costs is measured and taken away.
  await theirs(warmUp)
  const compiling = await theirs(0)
  const count = Math.max(50, Math.round((seconds * 1_000) / 15))
  const saxon = (await theirs(count)) - compiling
  const ours = (): void => {
    const gated = passGate(bytes)
    if ('findings' in gated) throw new Error('the notice is not well-formed')
    using passed = gated
    pack.engine.run(phase, readXml(passed.text, passed.elements), { now: new Date(now) })
  }
  for (let i = 0; i < 200; i += 1) ours()
  const start = performance.now()
  for (let i = 0; i < count; i += 1) ours()
  const own = performance.now() - start
  process.stdout.write(
    `\nofficial rules, cn_24_maximal (${bytes.length} bytes), parse and judge: Saxon-HE ${(saxon / count).toFixed(1)} ms, ours ${(own / count).toFixed(1)} ms, ${(saxon / own).toFixed(1)} times as fast\n`,
  )
}
