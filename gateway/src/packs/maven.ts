import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** Five minutes: the largest jar weighs 27 MB and a first run downloads Maven's own plugins too. */
const longestMs = 300_000

/** Needed for Maven to run a plugin: an old one writes a folder with a literal `${project.basedir}` where there is none. */
const emptyProject = `<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>socle</groupId>
  <artifactId>packs</artifactId>
  <version>1</version>
</project>
`

export class MavenMissing extends Error {
  override readonly name = 'MavenMissing'
}

/**
 * Fetches one jar through Maven's own client, so that an operator's mirror, proxy and credentials apply, and hands its
 * path to `use`; the file is gone afterwards. Throws `MavenMissing` when there is no `mvn` to run.
 */
export async function withJar<T>(coordinates: string, use: (path: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'socle-pack-'))
  try {
    writeFileSync(join(folder, 'pom.xml'), emptyProject)
    const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy'
    const wanted = [`-Dartifact=${coordinates}:jar`, '-DoutputDirectory=jars']
    await run(['-B', '-q', '-f', join(folder, 'pom.xml'), goal, ...wanted], folder)
    const [jar] = readdirSync(join(folder, 'jars'))
    if (jar === undefined) throw new Error(`Maven copied nothing for ${coordinates}`)
    return await use(join(folder, 'jars', jar))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function run(parameters: readonly string[], cwd: string): Promise<void> {
  try {
    await promisify(execFile)('mvn', parameters, { cwd, timeout: longestMs, maxBuffer: 16 * 1024 * 1024 })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new MavenMissing('no `mvn` command: install Maven, or give a jar, zip or folder with --from', {
        cause: error,
      })
    }
    const said = error instanceof Error && 'stdout' in error ? String(error.stdout).trim() : ''
    throw new Error(`Maven failed: ${said === '' ? String(error) : said.slice(-2000)}`, { cause: error })
  }
}
