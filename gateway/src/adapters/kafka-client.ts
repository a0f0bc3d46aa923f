import { readFileSync } from 'node:fs'
import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls, type ConnectionOptions } from 'node:tls'
import { Kafka, type ISocketFactoryArgs, type KafkaConfig, logLevel } from 'kafkajs'
import type { KafkaSettings, SaslSettings } from '../config-servers.ts'
import { calmRequestQueues } from './kafka-calm.ts'

/** A client whose connections can be taken from it. */
export interface KafkaLink {
  readonly kafka: Kafka
  /** Closes every connection now and refuses new ones: nothing of this client is written any more by retries of its own. */
  readonly cut: () => void
}

/** How long a broker may take over a request, and over a connection. */
export const requestMs = 5_000
const connectMs = 3_000
const keepAliveMs = 30_000

/** One retry, with fresh metadata, is what a moved leader needs; the rest is the relay's, from the ledger. */
export const oneRetry: { readonly retries: 1; readonly initialRetryTime: 100 } = { retries: 1, initialRetryTime: 100 }

/** Connects to nothing yet. @throws when the file of the authority cannot be read */
export function linkKafka(settings: KafkaSettings): KafkaLink {
  calmRequestQueues()
  const sockets = new Set<Socket>()
  let isCut = false

  function socketFactory({ host, port, ssl, onConnect }: ISocketFactoryArgs): Socket {
    if (isCut) throw new Error('this client was dropped')
    const socket = open({ host, port }, ssl, onConnect)
    // Small requests that wait for an answer: nothing is gained by gathering them.
    socket.setNoDelay(true)
    socket.setKeepAlive(true, keepAliveMs)
    socket.once('close', () => sockets.delete(socket))
    sockets.add(socket)
    return socket
  }

  const kafka = new Kafka({
    clientId: 'socle',
    brokers: [...settings.brokers],
    ssl: settings.tls ? tlsOf(settings) : false,
    ...(settings.sasl ? { sasl: saslOf(settings.sasl) } : {}),
    socketFactory,
    connectionTimeout: connectMs,
    authenticationTimeout: requestMs,
    requestTimeout: requestMs,
    enforceRequestTimeout: true,
    retry: { ...oneRetry },
    // What goes wrong rejects, and is told by whoever asked.
    logLevel: logLevel.NOTHING,
  })
  return {
    kafka,
    cut() {
      isCut = true
      for (const socket of sockets) socket.destroy(new Error('this client was dropped'))
    },
  }
}

function open(
  address: { readonly host: string; readonly port: number },
  ssl: ConnectionOptions | undefined,
  onConnect: () => void,
): Socket {
  if (!ssl) return connect(address, onConnect)
  const named = isIP(address.host) === 0 ? { servername: address.host } : {}
  return connectTls({ ...address, ...named, ...ssl }, onConnect)
}

function tlsOf({ caFile }: KafkaSettings): ConnectionOptions {
  return { minVersion: 'TLSv1.2', ...(caFile === undefined ? {} : { ca: [readFileSync(caFile)] }) }
}

function saslOf({ mechanism, username, password }: SaslSettings): NonNullable<KafkaConfig['sasl']> {
  // One type a mechanism in kafkajs: spelled out, because a union does not fit it.
  if (mechanism === 'plain') return { mechanism, username, password }
  if (mechanism === 'scram-sha-256') return { mechanism, username, password }
  return { mechanism, username, password }
}
