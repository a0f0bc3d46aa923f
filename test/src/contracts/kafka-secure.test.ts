import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createKafkaBus, type KafkaBusSettings } from '@socle/gateway'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type KafkaCluster, startKafka } from '../servers/kafka.ts'
import { messagesOn } from './bus-contract.ts'
import { createTopic, readBack } from './kafka-records.ts'

const directory = mkdtempSync(join(tmpdir(), 'socle-kafka-tls-'))
const [certificateFile, keyFile, otherFile] = ['broker.pem', 'broker.key', 'other.pem'].map((n) => join(directory, n))
let kafka: KafkaCluster
beforeAll(async () => {
  selfSigned(certificateFile, keyFile)
  selfSigned(otherFile, join(directory, 'other.key'))
  const [certificate, key] = [readFileSync(certificateFile ?? '', 'utf8'), readFileSync(keyFile ?? '', 'utf8')]
  kafka = await startKafka({ nodes: 1, secure: { certificate, key, user: 'socle', password: 'un-secret' } })
}, 120_000)
afterAll(async () => {
  await kafka.stop()
  rmSync(directory, { recursive: true, force: true })
})

function selfSigned(certificate = '', key = ''): void {
  const name = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1']
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
  execFileSync('openssl', ['req', '-x509', ...kind, ...name, '-keyout', key, '-out', certificate], { stdio: 'pipe' })
}

async function publishWith(topic: string, change: Partial<KafkaBusSettings>): Promise<void> {
  const settings: KafkaBusSettings = {
    brokers: kafka.secureBrokers,
    tls: true,
    caFile: certificateFile,
    sasl: { mechanism: 'scram-sha-512', username: 'socle', password: 'un-secret' },
    partitions: 1,
    replication: 1,
    minInSync: 1,
    topics: [topic],
    ...change,
  }
  const bus = createKafkaBus(settings, () => undefined)
  try {
    await bus.publish(messagesOn(topic, 0, 1))
  } finally {
    await bus.close()
  }
}

describe('brokers that ask for TLS and a password', () => {
  const withPassword = (mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512', password: string) => ({
    sasl: { mechanism, username: 'socle', password },
  })

  test.each(['plain', 'scram-sha-256', 'scram-sha-512'] as const)(
    '%s: the right one opens, a wrong one does not',
    async (mechanism) => {
      const topic = await createTopic(kafka.brokers, 1)
      await expect(publishWith(topic, withPassword(mechanism, 'un-autre'))).rejects.toThrow(/SASL|authentication/i)
      await publishWith(topic, withPassword(mechanism, 'un-secret'))
      expect((await readBack(kafka.brokers, topic)).length).toBe(1)
    },
  )

  test('a certificate of another authority, or none asked for, is not talked to', async () => {
    const topic = await createTopic(kafka.brokers, 1)
    await expect(publishWith(topic, { caFile: otherFile })).rejects.toThrow(/self-signed|certificate/i)
    await expect(publishWith(topic, { caFile: undefined })).rejects.toThrow(/self-signed|certificate/i)
    expect(await readBack(kafka.brokers, topic)).toEqual([])
  })
})
