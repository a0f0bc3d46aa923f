import { setTimeout as sleep } from 'node:timers/promises'

/** Asks again and again. False: still not after `withinMs`. */
export async function until(isSo: () => boolean | Promise<boolean>, withinMs: number): Promise<boolean> {
  for (const end = Date.now() + withinMs; !(await isSo()); await sleep(20)) if (Date.now() > end) return false
  return true
}
