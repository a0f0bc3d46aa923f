/**
 * Where generated cases begin. The same commit gets the same verdict unless somebody asks for new cases: a number here,
 * SOCLE_SEED=new for cases nobody has seen yet (each suite prints the number it drew), SOCLE_SEED=123 for those of a run.
 */
const ofRecord = 20_261_130

export function chosenSeed(): number {
  const given = process.env['SOCLE_SEED']
  if (given === undefined || given === '') return ofRecord
  const seed = given === 'new' ? Date.now() % 2 ** 31 : Number(given)
  if (!Number.isSafeInteger(seed)) throw new RangeError(`SOCLE_SEED is an integer or "new", not ${given}`)
  return seed
}
