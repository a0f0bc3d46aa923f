import type { Outcome } from '../outcome.ts'
import type { Chosen } from './gather.ts'
import type { Told } from './worker.ts'

/** `stopped`: a newer verification, or the person, ended this one. */
export type Answer = Outcome | 'stopped' | 'failed' | 'no-worker'

export interface Verifier {
  /** Verifies in a thread of its own; whatever went on before is ended. */
  verify(chosen: readonly Chosen[]): Promise<Answer>
  stop(): void
}

/**
 * The verifier's program stands in the page as text, and runs beside it: the page answers while a large log is read, and
 * can end it. It is under the page's own policy: no network either.
 */
export function createVerifier(program: string): Verifier {
  let end = (): void => undefined
  return {
    async verify(chosen) {
      end()
      return await new Promise<Answer>((done) => {
        const address = URL.createObjectURL(new Blob([program], { type: 'text/javascript' }))
        const worker = startWorker(address)
        if (worker === undefined) {
          done('no-worker')
          return
        }
        const finish = (answer: Answer): void => {
          worker.terminate()
          URL.revokeObjectURL(address)
          done(answer)
        }
        end = (): void => finish('stopped')
        worker.addEventListener('message', ({ data }: MessageEvent<Told>) => {
          finish('outcome' in data ? data.outcome : 'failed')
        })
        // Out of memory, or a fault of ours: either way nothing was proved.
        worker.addEventListener('error', () => finish('failed'))
        worker.postMessage(chosen.map(({ path, file }) => ({ path, file })))
      })
    },
    stop: () => end(),
  }
}

function startWorker(address: string): Worker | undefined {
  try {
    return new Worker(address)
  } catch {
    return undefined
  }
}
