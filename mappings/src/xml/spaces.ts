/** White space of XML and nothing else: a no-break blank is a character like others. */
export function isBlank(text: string): boolean {
  return !/[^ \t\r\n]/.test(text)
}

/** `fn:normalize-space`. */
export function normalizeSpace(text: string): string {
  return /[\t\n\r]|^ | $| {2}/.test(text) ? text.replace(/[ \t\n\r]+/g, ' ').replace(/^ | $/g, '') : text
}
