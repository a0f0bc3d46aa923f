const predefined: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

/** Resolves the five references of XML and character numbers: without a DTD nothing else exists, and the gate saw to it. */
export function decodeReferences(text: string): string {
  if (!text.includes('&')) return text
  return text.replaceAll(/&(?:#x([0-9a-fA-F]+)|#([0-9]+)|([a-z]+));/g, decodeOne)
}

function decodeOne(_: string, hex?: string, decimal?: string, name?: string): string {
  if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16))
  if (decimal !== undefined) return String.fromCodePoint(Number(decimal))
  return predefined[name ?? ''] ?? ''
}

/** XML 1.0 section 3.3.3: white space in an attribute is a blank, unless it was written as a character number. */
export function normalizeAttribute(value: string): string {
  return decodeReferences(/[\t\n]/.test(value) ? value.replace(/[\t\n]/g, ' ') : value)
}
