#!/usr/bin/env node
import { existsSync } from 'node:fs'

const main = new URL('../dist/cli/main.js', import.meta.url)
if (!existsSync(main)) {
  process.stderr.write('socle: not built yet. Run `node deploy/setup.mjs` first.\n')
  process.exit(2)
}
await import(main.href)
