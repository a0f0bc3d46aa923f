import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { demonstrate } from './demonstrate.ts'

const at = process.argv.indexOf('--out')
const wished = at < 0 ? undefined : process.argv[at + 1]
if (at >= 0 && wished === undefined) {
  process.stderr.write('npm run demo -- --out DIR\n')
  process.exit(2)
}

// The hub's data and the parties' directories go at the end; what an auditor needs stays where --out says.
const work = mkdtempSync(join(tmpdir(), 'socle-demo-'))
const out = wished === undefined ? join(work, 'out') : resolve(wished)
mkdirSync(out, { recursive: true })
try {
  process.exitCode = await demonstrate(work, out)
} finally {
  rmSync(work, { recursive: true, force: true })
}
