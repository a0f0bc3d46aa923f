import { HubError } from '../errors.ts'

/** A query string as Fastify gives it: repeated names become arrays. */
export type Query = Readonly<Record<string, string | string[] | undefined>>

export function textOf(query: Query, name: string): string | undefined {
  const value = query[name]
  return Array.isArray(value) ? value[0] : value
}

/** @throws HubError REQUEST_INVALID with the allowed range */
export function integerOf(query: Query, name: string, fallback: number, [min, max]: readonly [number, number]): number {
  const text = textOf(query, name)
  if (text === undefined) return fallback
  const value = Number(text)
  if (!/^\d{1,9}$/.test(text) || value < min || value > max)
    throw new HubError('REQUEST_INVALID', { value: `${name}: ${min}-${max}` })
  return value
}

/** Comma-separated or repeated. */
export function listOf(query: Query, name: string): readonly string[] {
  const value = query[name]
  const all = Array.isArray(value) ? value : value === undefined ? [] : [value]
  return all.flatMap((text) => text.split(',')).filter((word) => word !== '')
}

/**
 * The one flag a route knows. A misspelt rehearsal must not become a deposit: any other name is refused.
 * @throws HubError REQUEST_INVALID
 */
export function flagOf(query: Query, name: string): boolean {
  const { [name]: value, ...others } = query
  const [stranger] = Object.keys(others)
  if (stranger !== undefined) throw new HubError('REQUEST_INVALID', { value: `${stranger} (${name})` })
  if (value === undefined || value === 'false') return false
  if (value !== 'true') throw new HubError('REQUEST_INVALID', { value: `${name}: true, false` })
  return true
}
