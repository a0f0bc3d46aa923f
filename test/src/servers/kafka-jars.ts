import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmdirSync, rmSync, statSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

const version = '4.1.0'
const log4j = '2.26.1'
const plugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies'

/** Same depth in `src` and `dist`. */
const cache = resolve(import.meta.dirname, '../../../.cache/kafka')

/** A first run downloads 43 MB and Maven's own plugins. A lock older than this belongs to nobody. */
const longestMs = 300_000

const pom = `<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>socle</groupId>
  <artifactId>kafka</artifactId>
  <version>1</version>
  <dependencyManagement><dependencies><dependency>
    <groupId>org.apache.logging.log4j</groupId><artifactId>log4j-bom</artifactId><version>${log4j}</version>
    <type>pom</type><scope>import</scope>
  </dependency></dependencies></dependencyManagement>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${version}</version></dependency>
    <dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-core</artifactId></dependency>
    <dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-slf4j-impl</artifactId></dependency>
  </dependencies>
</project>
`

/**
 * The class path of the real broker, fetched by Maven's own client the first time (its mirrors and proxies apply). Two
 * suites that start together fetch it once: the second waits. The folder appears whole or not at all.
 */
export async function kafkaClassPath(): Promise<string> {
  const folder = join(cache, version)
  const lock = `${folder}.lock`
  mkdirSync(cache, { recursive: true })
  while (!existsSync(folder)) {
    if (!takeLock(lock)) {
      await sleep(200)
      continue
    }
    try {
      if (!existsSync(folder)) await fetchInto(folder)
    } finally {
      rmdirSync(lock)
    }
  }
  return join(folder, '*')
}

function takeLock(lock: string): boolean {
  try {
    mkdirSync(lock)
    return true
  } catch {
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs
    if (since !== undefined && Date.now() - since > longestMs + 10_000) rmSync(lock, { recursive: true, force: true })
    return false
  }
}

async function fetchInto(folder: string): Promise<void> {
  const work = mkdtempSync(join(cache, 'fetch-'))
  try {
    await writeFile(join(work, 'pom.xml'), pom)
    const goal = [plugin, '-DincludeScope=runtime', `-DoutputDirectory=${join(work, 'jars')}`]
    await promisify(execFile)('mvn', ['-B', '-q', '-f', join(work, 'pom.xml'), ...goal], {
      cwd: work,
      timeout: longestMs,
    })
    if (readdirSync(join(work, 'jars')).length < 20) throw new Error('Maven gave only a part of the Kafka jars')
    renameSync(join(work, 'jars'), folder)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}
