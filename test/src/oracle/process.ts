import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

interface Waiting {
  readonly resolve: (lines: readonly string[]) => void
  readonly reject: (error: Error) => void
}

/** A Java program, running: one line a question, the lines of the answer. Closing it ends the process. */
export class OracleProcess implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #waiting: Waiting[] = []
  readonly #ended: Promise<void>
  #lines: string[] = []

  /** @param home holds `classes` and `libs`, and is the program's argument */
  constructor(home: string, program = 'Oracle', heap = '1500m') {
    const options = [`-Xmx${heap}`, '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=4', '-Djava.awt.headless=true']
    const parameters = [...options, '-cp', `${home}/classes:${home}/libs/*`, program, home]
    this.#child = spawn('java', parameters, { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#ended = new Promise((resolve) => {
      this.#child.once('close', () => {
        for (const { reject } of this.#waiting.splice(0)) reject(new Error('the Java program ended'))
        resolve()
      })
    })
    if (this.#child.stdout !== null)
      createInterface({ input: this.#child.stdout }).on('line', (line) => this.hear(line))
  }

  ask(...fields: readonly string[]): Promise<readonly string[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      this.#child.stdin?.write(`${fields.join('\t')}\n`)
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.stdin?.end()
    await this.#ended
  }

  private hear(line: string): void {
    if (line !== '.' && !line.startsWith('!')) {
      this.#lines.push(line)
      return
    }
    const waiting = this.#waiting.shift()
    const lines = this.#lines
    this.#lines = []
    if (line === '.') waiting?.resolve(lines)
    else waiting?.reject(new Error(line.slice(1)))
  }
}
