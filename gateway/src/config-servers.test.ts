import { expect, test } from 'vitest'
import { readServers } from './config-servers.ts'

const problemsOf = (env: Readonly<Record<string, string>>): readonly string[] => {
  const problems: string[] = []
  readServers({ HUB_KAFKA_BROKERS: 'kafka:9092', ...env }, problems)
  return problems
}

test('settings of Kafka that would do nothing stop the start: whoever gives them believes in them', () => {
  expect(problemsOf({ HUB_KAFKA_CA: '/ca.pem' })).toEqual([expect.stringContaining('HUB_KAFKA_TLS=on')])
  expect(problemsOf({ HUB_KAFKA_SASL_USER: 'socle', HUB_KAFKA_SASL_PASSWORD: 'x' })).toEqual([
    expect.stringContaining('HUB_KAFKA_SASL_MECHANISM'),
  ])
  expect(problemsOf({ HUB_KAFKA_CA: '', HUB_KAFKA_SASL_USER: '' })).toEqual([])
  expect(problemsOf({ HUB_KAFKA_CA: '/ca.pem', HUB_KAFKA_TLS: 'on' })).toEqual([])
})
