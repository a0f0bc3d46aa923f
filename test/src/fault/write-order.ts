/** What a trace shows of one acknowledgement. */
export interface Acknowledgement {
  readonly id: string
  /** Undefined when the order holds. */
  readonly fault: string | undefined
  /** Number of the sync, of all completed ones of the WAL, that made the document safe. */
  readonly sync: number | undefined
}

/** One line of `strace -f -y`: a call that begins, one that ends, or both. */
interface Line {
  readonly thread: string
  readonly call: string
  readonly text: string
  readonly begins: boolean
  /** What the call returned; undefined while it is under way. */
  readonly result: string | undefined
}

/** Pages that one sync covered. */
type Safe = readonly string[]

/** What one thread has done to the WAL since its last completed sync, and what is safe. */
interface ThreadState {
  readonly unsynced: string[]
  /** Writes before this many are covered by the sync under way. */
  syncing: number
}

const created = /HTTP\/1\.1 201 .*?location: \/v1\/documents\/([0-9a-f-]{36})/

/**
 * Reads a trace of the hub's system calls and judges every answer 201 in it: the page that holds the document's id was
 * written to the WAL, the thread that wrote it then synced the WAL and was told 0, and only then did the first byte of
 * the answer leave. Lines stand in the order in which strace let the calls go on, so a line that ends before another
 * begins did happen before it.
 */
export function judgeWriteOrder(trace: string): readonly Acknowledgement[] {
  const threads = new Map<string, ThreadState>()
  const durable: Safe[] = []
  const found: Acknowledgement[] = []
  for (const line of linesOf(trace)) {
    const state = threads.get(line.thread) ?? { unsynced: [], syncing: 0 }
    threads.set(line.thread, state)
    if (isSync(line)) noteSync(line, state, durable)
    else if (line.begins && isWalWrite(line)) state.unsynced.push(line.text)
    const id = line.begins && line.call.startsWith('write') ? created.exec(line.text)?.[1] : undefined
    if (id !== undefined) found.push(judge(id, threads, durable))
  }
  return found
}

function isWalWrite({ call, text }: Line): boolean {
  return (call === 'pwrite64' || call === 'write') && text.includes('ledger.sqlite-wal>')
}

/** The second half of an interrupted call names no file: this tracer is only asked for syncs of the WAL or of the database. */
function isSync({ call }: Line): boolean {
  return call === 'fdatasync' || call === 'fsync'
}

function noteSync(line: Line, state: ThreadState, durable: Safe[]): void {
  if (line.begins) state.syncing = line.text.includes('ledger.sqlite-wal>') ? state.unsynced.length : 0
  if (line.result !== undefined) {
    if (line.result === '0') durable.push(state.unsynced.splice(0, state.syncing))
    state.syncing = 0
  }
}

function judge(id: string, threads: ReadonlyMap<string, ThreadState>, durable: readonly Safe[]): Acknowledgement {
  const holds = (pages: readonly string[]): boolean => pages.some((page) => page.includes(id))
  const sync = durable.findIndex(holds)
  if (sync >= 0) return { id, sync, fault: undefined }
  const written = [...threads.values()].some(({ unsynced }) => holds(unsynced))
  const fault = written ? 'answered before the sync of its page ended' : 'answered before its page was written'
  return { id, sync: undefined, fault }
}

/** `pid time call(...) = result`, or its halves `call(... <unfinished ...>` and `<... call resumed>...) = result`. */
function* linesOf(trace: string): Generator<Line> {
  for (const text of trace.split('\n')) {
    const head = /^(\d+)\s+[\d:.]+\s+(<\.\.\. )?(\w+)/.exec(text)
    if (!head) continue
    const [, thread = '', resumed, call = ''] = head
    const unfinished = text.endsWith('<unfinished ...>')
    // An injected failure says so after the result.
    const result = unfinished ? undefined : /\) += (-?\d+)(?: [^=]*)?$/.exec(text)?.[1]
    yield { thread, call, text, begins: resumed === undefined, result }
  }
}
