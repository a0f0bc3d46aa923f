import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** Five minutes: the largest jar weighs 27 MB and a first run downloads Maven's own plugins too. */
const longestMs = 300_000

const plugin = { group: 'org.apache.maven.plugins', artifact: 'maven-dependency-plugin', version: '3.6.1' }

/** Listed as items, not as dependencies: of two versions of one artifact Maven would keep one. */
function projectOf(coordinates: readonly string[]): string {
  const items = coordinates.map((each) => {
    const [group = '', artifact = '', version = ''] = each.split(':')
    return `<artifactItem><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></artifactItem>`
  })
  return `<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>socle</groupId>
  <artifactId>packs</artifactId>
  <version>1</version>
  <build><plugins><plugin>
    <groupId>${plugin.group}</groupId><artifactId>${plugin.artifact}</artifactId><version>${plugin.version}</version>
    <configuration>
      <outputDirectory>jars</outputDirectory>
      <artifactItems>${items.join('')}</artifactItems>
    </configuration>
  </plugin></plugins></build>
</project>
`
}

export class MavenMissing extends Error {
  override readonly name = 'MavenMissing'
}

/**
 * Fetches jars through Maven's own client in one run, so that an operator's mirror, proxy and credentials apply, and
 * hands the path of each to `use` by its coordinates; the files are gone afterwards. Throws `MavenMissing` when there is
 * no `mvn` to run.
 */
export async function withJars<T>(
  coordinates: readonly string[],
  use: (pathOf: (coordinates: string) => string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'socle-pack-'))
  try {
    writeFileSync(join(folder, 'pom.xml'), projectOf(coordinates))
    const goal = `${plugin.group}:${plugin.artifact}:${plugin.version}:copy`
    await run(['-B', '-q', '-f', join(folder, 'pom.xml'), goal], folder)
    return await use((each) => {
      const [, artifact = '', version = ''] = each.split(':')
      return join(folder, 'jars', `${artifact}-${version}.jar`)
    })
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
