import { type Finding, finding } from '@socle/schemas'
import { namespaces } from '../../xml/namespaces.ts'
import { type XmlNode, xpathOf } from '../../xml/node.ts'

const known: readonly string[] = Object.values(namespaces)

/**
 * One finding for each namespace that no eForms element is of, at its first element. Nothing in it can be read, so that
 * every field would be told as missing. Other extensions beside that of eForms may hold what they like (UBL 2.3, 3.4).
 */
export function judgeNamespaces(root: XmlNode): readonly Finding[] {
  const firsts = new Map<string, XmlNode>()
  collect(root, new Set([...known, root.ns]), firsts)
  return [...firsts].map(([value, node]) =>
    finding('EFORMS-NAMESPACE-UNKNOWN', {
      xpath: xpathOf(node),
      value: value === '' ? '-' : value,
      expected: meant(value),
    }),
  )
}

function collect(node: XmlNode, expected: ReadonlySet<string>, firsts: Map<string, XmlNode>): void {
  for (const child of node.children) {
    if (expected.has(child.ns)) collect(child, expected, firsts)
    else if (node.name !== 'ExtensionContent' && !firsts.has(child.ns)) firsts.set(child.ns, child)
  }
}

/** The namespace that differs in the case of its letters or its number only; else all of them. */
function meant(value: string): string {
  const bare = (uri: string) => uri.toLowerCase().replace(/\d+\/?$/, '')
  return known.find((each) => bare(each) === bare(value.trim())) ?? known.join(', ')
}
