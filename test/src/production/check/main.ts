import { judge } from './judge.ts'
import { readEvidence } from './read-evidence.ts'

/** `node test/dist/production/check/main.js DIR`: prints the judgement as JSON. Exit 0: everything holds; 1: not; 2: unusable. */
try {
  const judgement = judge(readEvidence(process.argv[2] ?? '.'))
  process.stdout.write(`${JSON.stringify(judgement)}\n`)
  process.exitCode = judgement.holds ? 0 : 1
} catch (error) {
  process.stderr.write(`${String(error)}\n`)
  process.exitCode = 2
}
