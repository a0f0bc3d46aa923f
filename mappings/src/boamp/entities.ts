import { entityNames } from './entity-names.ts'

const shape = /&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|([A-Za-z][A-Za-z0-9]{1,7}));/g

/** A text of a notice with its HTML entities decoded. */
export interface Decoded {
  readonly text: string
  /** Entities remain in the result: it was encoded three times or more, and is left so. */
  readonly isLeft: boolean
}

/**
 * Decodes HTML entities once: DILA serves `&eacute;` and `&#039;` as text, because they were encoded twice on the way.
 * Undefined when there is none. What stands between `&` and `;` and is no entity stays as it is, and so does the number
 * of a character that XML does not allow.
 */
export function decodeOnce(text: string): Decoded | undefined {
  if (!text.includes('&')) return undefined
  const decoded = text.replaceAll(shape, (entity, hex?: string, decimal?: string, name?: string) => {
    return characterOf(hex, decimal, name) ?? entity
  })
  return decoded === text ? undefined : { text: decoded, isLeft: hasEntity(decoded) }
}

function hasEntity(text: string): boolean {
  return [...text.matchAll(shape)].some(([, hex, decimal, name]) => characterOf(hex, decimal, name) !== undefined)
}

function characterOf(hex?: string, decimal?: string, name?: string): string | undefined {
  if (name !== undefined) return entityNames.get(name)
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
  return isXmlCharacter(code) ? String.fromCodePoint(code) : undefined
}

/** XML 1.0 section 2.2. */
function isXmlCharacter(code: number): boolean {
  if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd
  return code <= 0xd7ff || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff)
}
