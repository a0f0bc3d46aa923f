import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'

export interface DiskRate {
  readonly perSecond: number
  readonly p50Ms: number
}

/** How often this disk makes 8 KiB durable, one after the other, in the directory where the ledger stands. */
export function fdatasyncRate(directory: string, seconds: number): DiskRate {
  const file = join(directory, 'fdatasync.probe')
  const descriptor = openSync(file, 'w')
  const page = Buffer.alloc(8_192, 1)
  const times: number[] = []
  const end = performance.now() + seconds * 1_000
  try {
    for (let at = 0; performance.now() < end; at += page.length) {
      const started = performance.now()
      writeSync(descriptor, page, 0, page.length, at)
      fdatasyncSync(descriptor)
      times.push(performance.now() - started)
    }
  } finally {
    closeSync(descriptor)
    rmSync(file)
  }
  times.sort((a, b) => a - b)
  const total = times.reduce((sum, time) => sum + time, 0)
  return { perSecond: (times.length / total) * 1_000, p50Ms: times[Math.floor(times.length / 2)] ?? 0 }
}
