import { type Instruction, compileNfa } from './regex-nfa.ts'

/**
 * Compiles `fn:matches`. Expressions of the rules hold nested repetitions (a telephone number is groups of digits of any
 * length, repeated) on which a backtracking engine takes exponential time for a text made to that end. Here all ways are
 * followed at once, one step a character: the time is bounded by the length of the text, whatever is in it.
 * Throws UnsupportedXPath on what the subset leaves out.
 */
export function compilePattern(pattern: string): (text: string) => boolean {
  return new Automaton(compileNfa(pattern)).matches
}

/** A set of places in the expression that are reached together. */
interface State {
  readonly places: readonly number[]
  /** The expression has matched, whatever follows. */
  readonly isMatch: boolean
  /** It matches if the text ends here. */
  readonly matchesAtEnd: boolean
  /** No further character can lead to a match. */
  readonly isDead: boolean
  /** States by next character, filled as they are met; plain letters and digits by themselves, for speed. */
  readonly ascii: (State | undefined)[]
  readonly others: Map<number, State>
}

/** A text made of ever new characters must not fill the memory: what was learnt is forgotten at this many states or steps. */
const mostStates = 500
const mostSteps = 20_000

class Automaton {
  readonly #program: readonly Instruction[]
  #states = new Map<string, State>()
  #first: State | undefined = undefined
  #steps = 0
  readonly #restartsNowhere: boolean

  constructor(program: readonly Instruction[]) {
    this.#program = program
    this.#restartsNowhere = this.reach([0], { isStart: false, isEnd: false }).length === 0
  }

  readonly matches = (text: string): boolean => {
    if (text === '') return this.empty().matchesAtEnd
    let state = this.begin()
    for (let i = 0; i < text.length; i += 1) {
      if (state.isMatch) return true
      if (state.isDead) return false
      let code = text.charCodeAt(i)
      if (code < 128) {
        state = state.ascii[code] ?? this.step(state, code)
        continue
      }
      code = text.codePointAt(i) ?? code
      if (code > 0xffff) i += 1
      state = state.others.get(code) ?? this.step(state, code)
    }
    return state.isMatch || state.matchesAtEnd
  }

  private begin(): State {
    this.#first ??= this.stateOf(this.reach([0], { isStart: true, isEnd: false }), false)
    return this.#first
  }

  private empty(): State {
    return this.stateOf(this.reach([0], { isStart: true, isEnd: false }), true)
  }

  private step(state: State, code: number): State {
    const targets: number[] = []
    for (const place of state.places) {
      const instruction = this.#program[place]
      if (instruction?.op === 'character' && instruction.includes(code)) targets.push(place + 1)
    }
    // A match may begin anywhere: each character begins a new attempt beside those under way.
    const reached = this.reach([...targets, 0], { isStart: false, isEnd: false })
    if (this.#steps >= mostSteps) this.forget()
    const next = this.stateOf(reached, false)
    this.#steps += 1
    if (code < 128) state.ascii[code] = next
    else state.others.set(code, next)
    return next
  }

  private forget(): void {
    this.#states = new Map()
    this.#first = undefined
    this.#steps = 0
  }

  private stateOf(places: readonly number[], isEmpty: boolean): State {
    const key = `${isEmpty ? 'empty' : ''}${places.join()}`
    const known = this.#states.get(key)
    if (known !== undefined) return known
    if (this.#states.size >= mostStates) this.forget()
    const atEnd = this.reach(places, { isStart: isEmpty, isEnd: true })
    const isMatch = (all: readonly number[]) => all.some((place) => this.#program[place]?.op === 'match')
    const state: State = {
      places,
      isMatch: isMatch(places),
      matchesAtEnd: isMatch(atEnd),
      isDead: places.length === 0 && this.#restartsNowhere,
      ascii: [],
      others: new Map(),
    }
    this.#states.set(key, state)
    return state
  }

  /** The places that are reached without reading a character, in order. */
  private reach(from: readonly number[], { isStart, isEnd }: { isStart: boolean; isEnd: boolean }): readonly number[] {
    const seen = new Set<number>()
    const waiting = [...from]
    for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
      if (seen.has(place)) continue
      seen.add(place)
      const instruction = this.#program[place]
      if (instruction?.op === 'fork') waiting.push(...instruction.to)
      else if (instruction?.op === 'start' ? isStart : instruction?.op === 'end' && isEnd) waiting.push(place + 1)
    }
    return [...seen]
      .filter((place) =>
        ['character', 'end', 'match', ...(isStart ? ['start'] : [])].includes(this.#program[place]?.op ?? ''),
      )
      .sort((a, b) => a - b)
  }
}
