/**
 * Every check, in the order in which a failure is cheapest to learn. The last line printed counts them:
 * `N passed, N failed`, tests of vitest and checks alike.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import process from 'node:process'

const root = join(import.meta.dirname, '..')
const bin = (name) => join(root, 'node_modules/.bin', name)
const report = join(root, '.cache/vitest.json')

/** Suites in order; the slow ones last. One process each, so that their servers and files never meet. */
const suites = [
  'unit',
  'architecture',
  'contracts',
  'decp',
  'flow',
  'corpus',
  'tamper',
  'interop',
  'browser',
  'oracle',
  'production',
  'fault',
]

const only = process.argv.slice(2)
let passed = 0
let failed = 0
let skipped = 0
/** Named again at the end: of a long output often only the end is kept. */
const failures = []

if (only.length === 0) {
  check('format', [bin('oxfmt'), '--check', '.'])
  check('lint', [bin('oxlint'), '--type-aware', '--deny-warnings', '.'])
  check('types of the tests', [bin('tsc'), '-p', 'tsconfig.test.json'])
  check('generated files are up to date', ['node', 'schemas/scripts/generate.mjs', '--check'])
  check('no dead code', [bin('knip')])
}
for (const suite of only.length > 0 ? only : suites) runSuite(suite)

if (failures.length > 0) process.stdout.write(`\nFAILED\n${failures.join('\n')}\n`)
process.stdout.write(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`)
process.exitCode = failed > 0 || passed === 0 ? 1 : 0

function check(name, [command, ...parameters]) {
  const started = Date.now()
  const result = spawnSync(command, parameters, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  const ok = result.status === 0
  if (ok) passed++
  else failed++
  if (!ok) failures.push(name)
  process.stdout.write(`${ok ? 'ok  ' : 'FAIL'} ${name} (${Date.now() - started} ms)\n`)
  if (!ok) process.stdout.write(`${result.stdout}${result.stderr}${result.error ?? ''}\n`)
}

function runSuite(suite) {
  mkdirSync(join(root, '.cache'), { recursive: true })
  rmSync(report, { force: true })
  process.stdout.write(`\n== ${suite}\n`)
  // Each run of these two leaves lines for the tables below.
  if (suite === 'production') rmSync(join(root, '.cache/production'), { recursive: true, force: true })
  if (suite === 'interop') rmSync(join(root, '.cache/interop/judges'), { recursive: true, force: true })
  const parameters = [
    'run',
    '--project',
    suite,
    '--passWithNoTests',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]
  const { status } = spawnSync(bin('vitest'), parameters, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
  if (suite === 'production') spawnSync('node', ['test/dist/production/main.js'], { cwd: root, stdio: 'inherit' })
  if (suite === 'interop') printJudges()
  const counts = readReport()
  passed += counts.passed
  skipped += counts.skipped
  // A suite that dies before or after its tests (a file that does not load, a leaked error) is a failure of its own.
  const died = counts.failed === 0 && status !== 0
  failed += died ? 1 : counts.failed
  failures.push(...counts.failures, ...(died ? [`${suite}: the suite itself ended with ${status}`] : []))
}

/** A judge that said no, or under CI nothing at all, is a failure of its own. */
function printJudges() {
  const { status } = spawnSync('node', ['test/dist/interop/main.js'], { cwd: root, stdio: 'inherit' })
  if (status === 0) passed++
  else failed++
  if (status !== 0) failures.push('interop: the table of judges')
}

function readReport() {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(readFileSync(report, 'utf8'))
    const failures = testResults.flatMap(({ name, assertionResults }) =>
      assertionResults
        .filter(({ status }) => status === 'failed')
        .map(({ fullName, failureMessages }) => `${relative(root, name)}: ${fullName}\n  ${reasonIn(failureMessages)}`),
    )
    return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests, failures }
  } catch {
    return { passed: 0, failed: 0, skipped: 0, failures: [] }
  }
}

/** The first lines say what was expected; the rest is the way there. */
function reasonIn(messages) {
  return messages.join('\n').split('\n').slice(0, 6).join('\n  ').slice(0, 1_500)
}
