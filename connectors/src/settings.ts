import { resolve } from 'node:path'
import type { Environment } from '@socle/schemas'

export interface Settings {
  readonly connector: 'profile' | 'archive'
  readonly hub: string
  readonly clientId: string
  readonly clientSecret: string
  readonly environment: Environment
  readonly directory: string
  readonly trustDirectory: string | undefined
  readonly documents: string | undefined
  /** SIRET given for documents that carry none. */
  readonly buyer: string | undefined
  readonly by: 'webhook' | 'feed'
  readonly pagePort: number
  readonly webhookPort: number
}

/** Every setting that is wrong, at once. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'

  constructor(problems: readonly string[]) {
    super(`The connector cannot start:\n- ${problems.join('\n- ')}`)
  }
}

const names = [
  'CONNECTOR_HUB',
  'CONNECTOR_CLIENT_ID',
  'CONNECTOR_CLIENT_SECRET',
  'CONNECTOR_ENVIRONMENT',
  'CONNECTOR_DIRECTORY',
  'CONNECTOR_TRUST',
  'CONNECTOR_DOCUMENTS',
  'CONNECTOR_BUYER',
  'CONNECTOR_BY',
  'CONNECTOR_PAGE_PORT',
  'CONNECTOR_WEBHOOK_PORT',
] as const

type Name = (typeof names)[number]

/** Pure. @throws SettingsError naming every bad setting, and every CONNECTOR_* that is not one */
export function readSettings(words: readonly string[], env: Readonly<Record<string, string | undefined>>): Settings {
  const problems: string[] = []
  const required = (name: Name): string => {
    const text = env[name] ?? ''
    if (text === '') problems.push(`${name} is required`)
    return text
  }
  const oneOf = <T extends string>(name: string, text: string | undefined, allowed: readonly [T, ...T[]]): T => {
    const found = allowed.find((value) => value === text)
    if (found === undefined) problems.push(`${name} must be one of ${allowed.join(', ')}`)
    return found ?? allowed[0]
  }
  const port = (name: Name): number => {
    const text = env[name] ?? '0'
    if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) problems.push(`${name} must be a port from 0 to 65535`)
    return Number(text)
  }
  const path = (name: Name): string | undefined => {
    const text = env[name] ?? ''
    return text === '' ? undefined : resolve(text)
  }
  const settings: Settings = {
    connector: oneOf('the argument', words[0], ['profile', 'archive']),
    hub: required('CONNECTOR_HUB'),
    clientId: required('CONNECTOR_CLIENT_ID'),
    clientSecret: required('CONNECTOR_CLIENT_SECRET'),
    environment: oneOf('CONNECTOR_ENVIRONMENT', env['CONNECTOR_ENVIRONMENT'] ?? 'sandbox', ['sandbox', 'production']),
    directory: resolve(required('CONNECTOR_DIRECTORY')),
    trustDirectory: path('CONNECTOR_TRUST'),
    documents: path('CONNECTOR_DOCUMENTS'),
    buyer: env['CONNECTOR_BUYER'] === '' ? undefined : env['CONNECTOR_BUYER'],
    by: oneOf('CONNECTOR_BY', env['CONNECTOR_BY'] ?? 'webhook', ['webhook', 'feed']),
    pagePort: port('CONNECTOR_PAGE_PORT'),
    webhookPort: port('CONNECTOR_WEBHOOK_PORT'),
  }
  if (words.length > 1) problems.push('one argument only: the name of the connector')
  const known = new Set<string>(names)
  for (const name of Object.keys(env))
    if (name.startsWith('CONNECTOR_') && !known.has(name))
      problems.push(`${name} is not a setting; known: ${names.join(', ')}`)
  if (problems.length > 0) throw new SettingsError(problems)
  return settings
}
