/** One question asked of the evidence. */
export interface Verdict {
  readonly name: string
  /** How many things were looked at: a verdict over nothing says nothing. */
  readonly checked: number
  readonly faults: number
  /** The first of them. */
  readonly examples: readonly string[]
}

const keptExamples = 5

/** Collects what one question finds. */
export function createVerdict(name: string): {
  readonly look: () => void
  readonly fault: (text: string) => void
  readonly end: () => Verdict
} {
  let checked = 0
  let faults = 0
  const examples: string[] = []
  return {
    look: () => void checked++,
    fault(text) {
      faults++
      if (examples.length < keptExamples) examples.push(text)
    },
    end: () => ({ name, checked, faults, examples }),
  }
}
