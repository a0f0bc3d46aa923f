import { type CustomTypesConfig, types as usual } from 'pg'

/** PostgreSQL's numbers for the types that a JavaScript number may not hold. */
const int8 = 20
const numeric = 1700

/**
 * How values come back: int8 and numeric as numbers, everything else as pg reads it (bytea as Buffer). Given to each pool:
 * a change of pg's own table would change every other user of pg in this process.
 */
export const types: CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    (oid === int8 || oid === numeric) && format !== 'binary'
      ? safeInteger
      : usual.getTypeParser(oid, format)) as typeof usual.getTypeParser,
}

/** @throws RangeError beyond 2^53: a number that is nearly right is a wrong place in the log */
function safeInteger(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is not an integer that a number holds exactly`)
  return value
}
