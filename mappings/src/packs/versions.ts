/**
 * Until when a minor version of the eForms SDK is admitted for publication, last day included. The authority is the
 * version range that the Publications Office serves; this is its table of April 2026.
 */
const lastDays: Readonly<Record<string, string>> = {
  '1.12': '2026-10-31',
  '1.13': '2027-12-31',
  '1.14': '2027-12-31',
}

/** Minors before this one were all withdrawn when the table was made. */
const oldestListed = 12

/** Last day of an SDK minor (`1.13`) as ISO date; undefined when none is announced. */
export function lastDayOf(minor: string): string | undefined {
  return lastDays[minor]
}

/** Whether an SDK minor was withdrawn from publication before the moment. */
export function isWithdrawn(minor: string, now: Date): boolean {
  const last = lastDays[minor]
  if (last !== undefined) return now.toISOString().slice(0, 10) > last
  return Number(minor.split('.')[1]) < oldestListed
}

/** Order of versions such as `1.13.3`, number by number. */
export function compareVersions(a: string, b: string): number {
  const left = a.split('.').map(Number)
  const right = b.split('.').map(Number)
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/**
 * The pack that judges a declared minor: its own newest patch, else the nearest newer minor. An older one never judges
 * a newer document: it would miss rules and refuse fields.
 */
export function packFor(minor: string, installed: readonly string[]): string | undefined {
  const [nearest] = installed
    .filter((version) => compareVersions(minorOf(version), minor) >= 0)
    .sort((a, b) => compareVersions(minorOf(a), minorOf(b)) || compareVersions(b, a))
  return nearest
}

export function minorOf(version: string): string {
  return version.split('.').slice(0, 2).join('.')
}
