import { table } from './rig/report.ts'

/** `node test/dist/production/main.js`: the table of the last runs, fault by fault. */
process.stdout.write(`${table().join('\n')}\n`)
