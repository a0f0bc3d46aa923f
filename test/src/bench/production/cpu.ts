import { readdirSync, readFileSync } from 'node:fs'

/** Linux counts processor time in hundredths of a second. */
const ticksPerSecond = 100

interface Seen {
  readonly parent: number
  readonly seconds: number
}

/** Processor seconds that a process, its threads and its living children have used so far. A process that ended counts no more. */
export function cpuSecondsOf(pids: readonly number[]): number {
  const all = readAll()
  let seconds = 0
  const wanted = [...pids]
  for (let pid = wanted.pop(); pid !== undefined; pid = wanted.pop()) {
    seconds += all.get(pid)?.seconds ?? 0
    for (const [child, { parent }] of all) if (parent === pid) wanted.push(child)
  }
  return seconds
}

function readAll(): ReadonlyMap<number, Seen> {
  const found = new Map<number, Seen>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const seen = read(name)
    if (seen) found.set(Number(name), seen)
  }
  return found
}

/** Fields after the command's name, which may hold anything but a newline: state is the first, the parent the second. */
function read(pid: string): Seen | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const [user = 0, system = 0, waitedUser = 0, waitedSystem = 0] = fields.slice(11, 15).map(Number)
    return {
      parent: Number(fields[1]),
      seconds: (user + system + waitedUser + waitedSystem) / ticksPerSecond,
    }
  } catch {
    // It ended between the list and the look.
    return undefined
  }
}
