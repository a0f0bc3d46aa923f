import { writeSync } from 'node:fs'
import type { Usage } from './verify.ts'

/** Loaded before a command (`node --import`): says on descriptor 3 what the whole process used, when it ends. */
process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
  const usage: Usage = {
    // Since the process began, not since this module was read.
    wallSeconds: performance.now() / 1000,
    userSeconds: userCPUTime / 1e6,
    systemSeconds: systemCPUTime / 1e6,
    peakMiB: maxRSS / 1024,
  }
  writeSync(3, JSON.stringify(usage))
})
