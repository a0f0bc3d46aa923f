import type { Finding } from '@socle/schemas'
import { type XmlNode, textOf, walk, xpathOf } from '../xml/node.ts'
import { readNotice } from './read-notice.ts'
import { isRebased, withStandardNamespaces } from './rebase.ts'

/**
 * XPaths of what a notice holds and no field reads: the elements that a translation loses. An element without any text
 * says nothing and is not named. Values that were there and unusable have findings instead.
 */
export function unread(root: XmlNode): string[] {
  const nodes: XmlNode[] = []
  const ignored: Finding[] = []
  readNotice(isRebased(root) ? withStandardNamespaces(root) : root, ignored, { unread: nodes })
  return nodes.filter(saysSomething).map(xpathOf)
}

function saysSomething(node: XmlNode): boolean {
  for (const each of walk(node)) if (textOf(each) !== undefined) return true
  return false
}
