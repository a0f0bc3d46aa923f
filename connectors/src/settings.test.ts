import { expect, test } from 'vitest'
import { readSettings } from './settings.ts'

const env = {
  CONNECTOR_HUB: 'http://127.0.0.1:8080',
  CONNECTOR_CLIENT_ID: 'profil-a',
  CONNECTOR_CLIENT_SECRET: 'secret',
  CONNECTOR_DIRECTORY: '/var/lib/connector',
}

test('what is not said is the sandbox, by webhook, on free ports', () => {
  expect(readSettings(['profile'], env)).toMatchObject({
    connector: 'profile',
    environment: 'sandbox',
    by: 'webhook',
    pagePort: 0,
    webhookPort: 0,
    trustDirectory: undefined,
    documents: undefined,
  })
})

test('everything wrong is said at once, a misspelt setting too', () => {
  const wrong = {
    CONNECTOR_ENVIRONMENT: 'prod',
    CONNECTOR_BY: 'mail',
    CONNECTOR_PAGE_PORT: '70000',
    CONNECTOR_URL: 'x',
  }
  const attempt = (): unknown => readSettings(['bank', 'x'], wrong)
  for (const words of [
    'the argument must be one of profile, archive',
    'CONNECTOR_HUB is required',
    'CONNECTOR_CLIENT_ID is required',
    'CONNECTOR_CLIENT_SECRET is required',
    'CONNECTOR_DIRECTORY is required',
    'CONNECTOR_ENVIRONMENT must be',
    'CONNECTOR_BY must be',
    'CONNECTOR_PAGE_PORT must be',
    'CONNECTOR_URL is not a setting',
    'one argument only',
  ])
    expect(attempt).toThrow(words)
})
