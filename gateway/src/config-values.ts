/** Settings as they come: names and texts. */
export type Env = Readonly<Record<string, string | undefined>>

/** The first of the allowed values is the default. */
export function oneOf<T extends string>(env: Env, name: string, allowed: readonly [T, ...T[]], problems: string[]): T {
  const text = env[name] ?? allowed[0]
  const found = allowed.find((value) => value === text)
  if (found === undefined) problems.push(`${name} must be one of ${allowed.join(', ')}`)
  return found ?? allowed[0]
}

export function integer(
  env: Env,
  name: string,
  [fallback, min, max]: readonly [number, number, number],
  problems: string[],
): number {
  const text = env[name]
  if (text === undefined) return fallback
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < min || value > max)
    problems.push(`${name} must be an integer from ${min} to ${max}`)
  return value
}

/** Words between commas, blanks around them dropped. Empty and absent are the same. */
export function list(env: Env, name: string): readonly string[] {
  return (env[name] ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
}

/** A text; empty and absent are the same, for compose files pass on what is not set as an empty one. */
export function text(env: Env, name: string): string | undefined {
  return env[name] === '' ? undefined : env[name]
}

/** An address of one of the protocols, which may carry a password: it is never repeated in an error. */
export function address(env: Env, name: string, protocols: readonly string[], problems: string[]): string | undefined {
  const text = env[name]
  if (text === undefined || text === '') return undefined
  if (!URL.canParse(text) || !protocols.includes(new URL(text).protocol))
    problems.push(`${name} must be an address like ${protocols[0] ?? ''}//user:password@host:port/name`)
  return text
}
