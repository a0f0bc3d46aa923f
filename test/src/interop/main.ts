import process from 'node:process'
import { readJudged, tableOf } from './judges-table.ts'

/**
 * `node test/dist/interop/main.js`: what the judges of the last run said. Exits 1 when one of them said no; under CI=true
 * also when one said nothing.
 */
const { lines, silent, against } = tableOf(readJudged())
process.stdout.write(`${lines.join('\n')}\n`)
if (silent.length > 0) process.stdout.write(`said nothing: ${silent.join(', ')}\n`)
process.exitCode = against > 0 || (silent.length > 0 && process.env['CI'] === 'true') ? 1 : 0
