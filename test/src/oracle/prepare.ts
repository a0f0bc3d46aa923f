import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { OracleProcess } from './process.ts'

/** Java, XSLT and the pom are not compiled: also the bench, which runs from `dist`, takes them from `src`. */
export const sources: string = import.meta.dirname.replace('/dist/', '/src/')
/** Where jars, compiled classes and stylesheets are kept between runs. */
const home = join(sources, '../../../.cache/oracle')

/** Everything that is fetched, by what it must be: a changed jar is no oracle. */
const pinned: Readonly<Record<string, string>> = {
  'libs/Saxon-HE-12.5.jar': '98c3a91e6e5aaf9b3e2b37601e04b214a6e67098493cdd8232fcb705fddcb674',
  'libs/schxslt2-1.4.4.jar': '2a677f412c4d6abf1f337838fe2ed81e2bcef942b40f11a97a05a5283c01f65b',
  'libs/xmlresolver-5.2.2.jar': 'efc92bd7ed32b3e57095e0b3e872051ccfbbdcc980831ef33e89e38161a85222',
  'libs/xmlresolver-5.2.2-data.jar': '173904bdbd783ba0fac92c5bcc05da5d09f0ce7eed24346666ea0a239461f9b4',
  'sdk/eforms-sdk-1.13.3.jar': '3d895e76e2b1bc5234e90829d86928b1c1298919a333e64c0e8b5cf8c2f323fc',
  'sdk/eforms-sdk-1.15.1.jar': 'd16f7bffd9b13c787caf9c2104425b3ec76949e0d85427c598dc379b02752c5c',
}

export type Prepared =
  | { readonly ready: true; readonly home: string; readonly sdk: (version: string) => string }
  | { readonly ready: false; readonly reason: string }

/**
 * Fetches the jars through Maven, compiles the Java program and unpacks the SDKs, each once. What is missing is a reason
 * to skip on a developer's machine and a failure under CI=true.
 */
export async function prepare(): Promise<Prepared> {
  mkdirSync(home, { recursive: true })
  for (const name of ['pom.xml', 'Oracle.java', 'instrument.xsl']) cpSync(join(sources, name), join(home, name))
  const reason = fetchJars() ?? compileProgram()
  if (reason !== undefined) return { ready: false, reason }
  const sdk = (version: string) => join(home, `eforms-sdk-${version}`)
  await using java = new OracleProcess(home)
  for (const version of ['1.13.3', '1.15.1']) {
    if (existsSync(sdk(version))) continue
    // Renamed when complete: a run that was stopped leaves no half of an SDK.
    await java.ask('unpack', join(home, `sdk/eforms-sdk-${version}.jar`), 'eforms-sdk/', `${sdk(version)}.part`)
    renameSync(`${sdk(version)}.part`, sdk(version))
  }
  return { ready: true, home, sdk }
}

function fetchJars(): string | undefined {
  const isThere = (): boolean => Object.keys(pinned).every((path) => existsSync(join(home, path)))
  if (!isThere()) {
    const plugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1'
    const failed =
      run('mvn', ['-q', '-B', `${plugin}:copy-dependencies`, `-DoutputDirectory=${join(home, 'libs')}`]) ??
      run('mvn', ['-q', '-B', `${plugin}:copy`, `-DoutputDirectory=${join(home, 'sdk')}`])
    if (failed !== undefined) return failed
  }
  for (const [path, expected] of Object.entries(pinned)) {
    if (!existsSync(join(home, path))) return `Maven did not bring ${path}`
    const digest = createHash('sha256')
      .update(readFileSync(join(home, path)))
      .digest('hex')
    if (digest !== expected) throw new Error(`${path} is not the file this suite was written for: ${digest}`)
  }
  return undefined
}

function compileProgram(): string | undefined {
  return run('javac', ['-cp', join(home, 'libs/*'), '-d', join(home, 'classes'), join(home, 'Oracle.java')])
}

/** Why a command failed, or undefined. */
function run(command: string, parameters: readonly string[]): string | undefined {
  const { status, error, stderr, stdout } = spawnSync(command, parameters, { cwd: home, encoding: 'utf8' })
  if (error !== undefined) return `${command} is not installed`
  return status === 0 ? undefined : `${command} failed: ${stdout}${stderr}`
}
