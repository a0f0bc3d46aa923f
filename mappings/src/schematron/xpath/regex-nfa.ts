import { UnsupportedXPath } from './ast.ts'
import { type CharacterSet, type Term, parsePattern } from './regex-parse.ts'

/** One place of an expression; `fork` goes on at several places, everything else at the next one. */
export type Instruction =
  | { readonly op: 'character'; readonly includes: CharacterSet }
  | { readonly op: 'fork'; readonly to: readonly number[] }
  | { readonly op: 'start' | 'end' | 'match' }

/** Repetitions with counts are written out: beyond this an expression is not one of a rule. */
const mostInstructions = 5000

/** Compiles an expression to a program that ends with `match`. */
export function compileNfa(pattern: string): readonly Instruction[] {
  const program: Instruction[] = []
  emit(parsePattern(pattern), program)
  program.push({ op: 'match' })
  return program
}

function emit(term: Term, program: Instruction[]): void {
  if (program.length > mostInstructions) throw new UnsupportedXPath('a regular expression of this size')
  switch (term.kind) {
    case 'character':
      program.push({ op: 'character', includes: term.includes })
      return
    case 'start':
    case 'end':
      program.push({ op: term.kind })
      return
    case 'all':
      for (const part of term.parts) emit(part, program)
      return
    case 'any':
      emitChoice(term.choices, program)
      return
    case 'repeat':
      emitRepeat(term, program)
  }
}

/** Forks are put in once it is known where the branches begin. */
function emitChoice(choices: readonly Term[], program: Instruction[]): void {
  const fork = program.length
  program.push({ op: 'fork', to: [] })
  const begins: number[] = []
  const exits: number[] = []
  for (const choice of choices) {
    begins.push(program.length)
    emit(choice, program)
    exits.push(program.length)
    program.push({ op: 'fork', to: [] })
  }
  program[fork] = { op: 'fork', to: begins }
  for (const exit of exits) program[exit] = { op: 'fork', to: [program.length] }
}

function emitRepeat({ term, least, most }: Extract<Term, { kind: 'repeat' }>, program: Instruction[]): void {
  for (let i = 0; i < least; i += 1) emit(term, program)
  if (most === undefined) {
    const fork = program.length
    program.push({ op: 'fork', to: [] })
    emit(term, program)
    program.push({ op: 'fork', to: [fork] })
    program[fork] = { op: 'fork', to: [fork + 1, program.length] }
    return
  }
  const forks: number[] = []
  for (let i = least; i < most; i += 1) {
    forks.push(program.length)
    program.push({ op: 'fork', to: [] })
    emit(term, program)
  }
  for (const fork of forks) program[fork] = { op: 'fork', to: [fork + 1, program.length] }
}
