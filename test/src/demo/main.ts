import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { installServers } from '../servers/install.ts'
import { demonstrate } from './demonstrate.ts'
import { prepareHub } from './hub-program.ts'
import { prepareProduction } from './production.ts'

const at = process.argv.indexOf('--out')
const wished = at < 0 ? undefined : process.argv[at + 1]
if (at >= 0 && wished === undefined) {
  process.stderr.write('npm run demo -- [--production] [--out DIR]\n')
  process.exit(2)
}

// The hub's data and the parties' directories go at the end; what an auditor needs stays where --out says.
const work = mkdtempSync(join(tmpdir(), 'socle-demo-'))
const out = wished === undefined ? join(work, 'out') : resolve(wished)
mkdirSync(out, { recursive: true })
try {
  if (process.argv.includes('--production')) {
    installServers()
    await using hub = await prepareProduction(work)
    process.exitCode = await demonstrate(hub, work, out)
  } else process.exitCode = await demonstrate(await prepareHub(join(work, 'data')), work, out)
} finally {
  rmSync(work, { recursive: true, force: true })
}
