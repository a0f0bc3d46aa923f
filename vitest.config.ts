import { defineConfig } from 'vitest/config'

/**
 * Tests read the sources of every workspace (the `source` export condition). Worker threads are the
 * exception: Node 20 cannot run TypeScript in a thread, so `npm test` compiles first and threads start from `dist`.
 */
const conditions = ['source']
const setupFiles = ['test/src/support/fast-check-seed.ts']
const project = (name: string, include: string[], timeout = 30_000, fileParallelism = true) => ({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    name,
    include,
    testTimeout: timeout,
    hookTimeout: timeout,
    pool: 'forks' as const,
    fileParallelism,
    setupFiles,
  },
})

export default defineConfig({
  test: {
    projects: [
      project('unit', ['{schemas,mappings,connectors,gateway}/src/**/*.test.ts']),
      project('contracts', ['test/src/contracts/**/*.test.ts']),
      project('flow', ['test/src/flow/**/*.test.ts'], 60_000),
      // One file after the other: each has real servers and replicas of its own.
      project('production', ['test/src/production/**/*.test.ts'], 600_000, false),
      project('fault', ['test/src/fault/**/*.test.ts'], 600_000),
      project('decp', ['test/src/decp/**/*.test.ts'], 60_000),
      project('corpus', ['test/src/corpus/**/*.test.ts'], 900_000),
      project('tamper', ['test/src/tamper/**/*.test.ts'], 300_000),
      project('interop', ['test/src/interop/**/*.test.ts'], 600_000),
      // One file after the other: each has two Java processes, and they prepare the same folder.
      project('oracle', ['test/src/oracle/**/*.test.ts'], 600_000, false),
      project('browser', ['test/src/browser/**/*.test.ts'], 120_000, false),
      project('architecture', ['test/src/architecture/**/*.test.ts']),
    ],
  },
})
