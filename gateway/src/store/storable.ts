/**
 * A value as both dialects can hold it. PostgreSQL's text has no U+0000 and SQLite's driver reads up to it only: it
 * becomes U+FFFD, as a lone surrogate does. Text columns are for finding and showing; the bytes as received and the
 * envelope keep what was sent. An error instead would refuse the whole batch, and with it what others sent.
 */
export function storable<T>(value: T): T | string {
  return typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\ufffd') : value
}
