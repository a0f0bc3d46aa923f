/**
 * Everything a fresh machine needs, idempotent and quick the second time: packages of the lock file, compiled
 * workspaces, the official schemas and rules that documents are judged by (fetched by Maven) and, with --tests, the
 * programs that the suites ask. With --servers, only what a replicated hub stands on, for a demonstration. Programs that
 * are missing are installed from Debian.
 * Plain JavaScript on Node's own modules: it runs before anything is installed.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'

const root = join(import.meta.dirname, '..')
const cache = join(root, '.cache')

/** Fetches the rule packs; without it the hub starts and answers 503 for the formats it cannot judge. */
const fetcher = [['mvn', 'maven']]

/** What a replicated hub stands on. Kafka itself is fetched by Maven and runs in Java. */
const servers = [
  ['postgres', 'postgresql'],
  ['redis-server', 'redis-server'],
  ['java', 'default-jdk-headless'],
  ['mvn', 'maven'],
]

/** What the suites run besides Node, and the Debian package that brings it. */
const programs = [
  ...servers,
  ['javac', 'default-jdk-headless'],
  ['faketime', 'faketime'],
  ['strace', 'strace'],
  ['openssl', 'openssl'],
  ['curl', 'curl'],
  ['go', 'golang-go'],
  ['promtool', 'prometheus'],
  ['haproxy', 'haproxy'],
  ['chromium', 'chromium'],
  ['certtool', 'gnutls-bin'],
]

const forTests = process.argv.includes('--tests')

checkNode()
if (process.argv.includes('--servers')) {
  if (!installPrograms(servers, 'what needs them')) process.exitCode = 1
} else {
  installPackages()
  build()
  if (forTests) installPrograms(programs, 'the suites that need them')
  installPacks()
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19))
    fail(`Node ${process.versions.node} is too old: 20.19 or later is needed`)
}

function installPackages() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  const stamp = join(cache, 'packages')
  if (existsSync(join(root, 'node_modules')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return
  say('installing packages')
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'])
  mkdirSync(cache, { recursive: true })
  writeFileSync(stamp, lock)
}

function build() {
  run('node', [join(root, 'node_modules/typescript/bin/tsc'), '-b'])
  run('node', [join(root, 'gateway/scripts/build-page.mjs')])
}

/** False when some are missing still. */
function installPrograms(wanted, users) {
  const missing = wanted.filter(([name]) => !isThere(name))
  if (missing.length === 0) return true
  const packages = [...new Set(missing.map(([, debian]) => debian))]
  say(`installing ${packages.join(', ')}`)
  const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n']
  const apt = [...sudo, 'apt-get', '-qq', '-y']
  const done = attempt([...apt, 'update']) && attempt([...apt, 'install', '--no-install-recommends', ...packages])
  const text = `${packages.join(', ')} could not be installed: install by hand, or ${users}`
  if (!done && forTests && process.env['CI'] === 'true') fail(`${text} fail`)
  if (!done) say(`${text} do less and say so`)
  return done
}

/** Debian keeps PostgreSQL's own programs off the PATH, one directory a version. */
function isThere(name) {
  const place = name === 'postgres' ? 'ls /usr/lib/postgresql/*/bin/postgres ||' : ''
  return spawnSync('sh', ['-c', `${place} command -v ${name}`]).status === 0
}

/** Packs that are there are left alone: then no Maven is needed, and nothing is asked of the network. */
function installPacks() {
  const socle = join(root, 'gateway/bin/socle.mjs')
  const install = () =>
    spawnSync('node', [socle, 'packs', 'install'], { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0
  if (spawnSync('node', [socle, 'packs', 'list', '--complete'], { stdio: 'ignore' }).status === 0) return
  installPrograms(fetcher, 'the formats of the rule packs')
  say('installing the official schemas and rules')
  if (install()) return
  if (forTests && process.env['CI'] === 'true') fail('the rule packs could not be installed')
  say('the rule packs could not be installed: eForms and ESPD documents will not be judged')
}

function attempt([command = '', ...parameters]) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  return spawnSync(command, parameters, { stdio: ['ignore', 'ignore', 'inherit'], env }).status === 0
}

function run(command, parameters) {
  const { status } = spawnSync(command, parameters, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
  if (status !== 0) fail(`${command} ${parameters.join(' ')} failed`)
}

function say(text) {
  process.stderr.write(`socle: ${text}\n`)
}

function fail(text) {
  say(text)
  process.exit(1)
}
