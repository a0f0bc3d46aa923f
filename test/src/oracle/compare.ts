/** Failed asserts of one document as the engine and the oracle tell them: id, location, error code or nothing. */
export interface Verdicts {
  readonly ours: readonly string[]
  readonly theirs: readonly string[]
}

export interface Difference {
  /** What one of the two tells alone. */
  readonly lines: readonly string[]
  /** Asserts that the oracle could not evaluate and the engine could: there is no verdict to be equal to. */
  readonly undecided: number
}

/**
 * Compares as multisets. An assert that errs must err for both, whichever error it meets first; where only the oracle
 * errs, the order of evaluation that XPath leaves open decided otherwise.
 */
export function differ({ ours, theirs }: Verdicts): Difference {
  const left = ours.map(withoutCode)
  const alone: string[] = []
  for (const line of theirs.map(withoutCode)) {
    const i = left.indexOf(line)
    if (i === -1) alone.push(line)
    else left.splice(i, 1)
  }
  const undecided = alone.filter((line) => line.endsWith('error'))
  const open = new Set(undecided.map(placeOf))
  return {
    lines: [
      ...alone.filter((line) => !line.endsWith('error')).map((line) => `oracle only: ${line}`),
      ...left.filter((line) => !open.has(placeOf(line))).map((line) => `engine only: ${line}`),
    ],
    undecided: undecided.length,
  }
}

function withoutCode(line: string): string {
  const [id = '', location = '', error = ''] = line.split('\t')
  return `${id}\t${location}\t${error === '' ? '' : 'error'}`
}

function placeOf(line: string): string {
  return line.slice(0, line.lastIndexOf('\t'))
}

interface Positioned {
  readonly name: string
  readonly ns: string
  readonly parent: Positioned | undefined
  readonly children: readonly Positioned[]
}

/** The location of an element or an attribute as `fn:path` writes it. */
export function pathOf(node: Positioned | { readonly parent: Positioned; readonly tag: Named }): string {
  if ('tag' in node && !('place' in node) && node.parent !== undefined) {
    const { ns, name } = node.tag
    return `${elementPath(node.parent)}/@${ns === '' ? name : `Q{${ns}}${name}`}`
  }
  return elementPath(node as Positioned)
}

interface Named {
  readonly name: string
  readonly ns: string
}

function elementPath(element: Positioned): string {
  const twins = element.parent?.children.filter(({ name, ns }) => name === element.name && ns === element.ns)
  const position = twins === undefined ? 1 : twins.indexOf(element) + 1
  const above = element.parent === undefined ? '' : elementPath(element.parent)
  return `${above}/Q{${element.ns}}${element.name}[${position}]`
}
