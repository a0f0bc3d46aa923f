import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, openSync, closeSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { scramOptions, type SecureListener, secureProperties } from './kafka-secure.ts'

/** One broker, which is a controller too. Ports and data stay the same from one start to the next. */
export interface KafkaNode {
  readonly id: number
  /** host:port where it listens to clients. */
  readonly address: string
  readonly pid: number | undefined
  /** Returns once the process runs; `Kafka.ready` says when it serves. */
  start(): Promise<void>
  /** SIGKILL: what is not on disk is gone. */
  kill(): Promise<void>
  /** SIGTERM, and SIGKILL when that took longer than 15 s. */
  stop(): Promise<void>
}

export interface NodePorts {
  readonly client: number
  readonly internal: number
  readonly controller: number
  readonly secure: number
  /** Told to clients in place of `client`: a proxy of the test. */
  readonly advertised: number
}

export interface NodePlan {
  readonly id: number
  readonly ports: NodePorts
  /** Controller ports of all nodes, in order of their ids. */
  readonly controllers: readonly number[]
  readonly directory: string
  readonly classPath: string
  readonly properties: Readonly<Record<string, string>>
  readonly secure: SecureListener | undefined
}

/** A cluster's id is 16 bytes in base64url; the tool takes one that starts with a hyphen for an option. */
export function newClusterId(): string {
  return `A${randomBytes(16).toString('base64url').slice(1)}`
}

/** Writes the settings and formats the data directory (one JVM, about a second). */
export async function prepareNode(plan: NodePlan, clusterId: string): Promise<KafkaNode> {
  mkdirSync(plan.directory, { recursive: true })
  const plain = propertiesOf(plan)
  const secure = plan.secure ? secureProperties(plan.ports.secure, plain, plan.secure) : {}
  const properties = Object.entries({ ...plain, ...secure, ...plan.properties })
  writeFileSync(join(plan.directory, 'node.properties'), properties.map(([key, value]) => `${key}=${value}\n`).join(''))
  writeFileSync(join(plan.directory, 'log4j2.xml'), logging)
  const format = ['kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', join(plan.directory, 'node.properties')]
  const passwords = plan.secure ? scramOptions(plan.secure) : []
  await promisify(execFile)('java', [...javaOptions(plan), ...format, ...passwords], { timeout: 60_000 })
  return nodeOf(plan)
}

function nodeOf(plan: NodePlan): KafkaNode {
  let child: ChildProcess | undefined
  const reap = (): void => void child?.kill('SIGKILL')

  async function end(signal: NodeJS.Signals): Promise<void> {
    const ending = child
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return
    const ended = once(ending, 'exit')
    ending.kill(signal)
    const late = setTimeout(() => ending.kill('SIGKILL'), 15_000)
    await ended
    clearTimeout(late)
    process.off('exit', reap)
    child = undefined
  }

  return {
    id: plan.id,
    address: `127.0.0.1:${plan.ports.client}`,
    get pid() {
      return child?.pid
    },
    async start() {
      if (child) throw new Error(`node ${plan.id} runs already`)
      const log = openSync(join(plan.directory, 'process.log'), 'a')
      const server = ['kafka.Kafka', join(plan.directory, 'node.properties')]
      const started = spawn('java', [...javaOptions(plan), ...server], { stdio: ['ignore', log, log] })
      closeSync(log)
      child = started
      // A JVM outlives whoever started it: ours ends with us.
      process.on('exit', reap)
      started.once('exit', () => {
        process.off('exit', reap)
        if (child === started) child = undefined
      })
      await once(started, 'spawn')
    },
    kill: async () => await end('SIGKILL'),
    stop: async () => await end('SIGTERM'),
  }
}

function javaOptions(plan: NodePlan): readonly string[] {
  return [
    '-Xms128m',
    plan.controllers.length === 1 ? '-Xmx384m' : '-Xmx256m',
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    '-XX:ActiveProcessorCount=2',
    '-Xshare:auto',
    '-Djava.awt.headless=true',
    `-Dkafka.logs.dir=${plan.directory}`,
    `-Dlog4j2.configurationFile=${join(plan.directory, 'log4j2.xml')}`,
    '-cp',
    plan.classPath,
  ]
}

function propertiesOf({ id, ports, controllers, directory }: NodePlan): Readonly<Record<string, string>> {
  const copies = String(controllers.length)
  const inSync = controllers.length === 1 ? '1' : '2'
  const voters = controllers.map((port, index) => `${index + 1}@127.0.0.1:${port}`).join(',')
  const own = `INTERNAL://127.0.0.1:${ports.internal},CONTROLLER://127.0.0.1:${ports.controller}`
  return {
    'process.roles': 'broker,controller',
    'node.id': String(id),
    'controller.quorum.voters': voters,
    'controller.listener.names': 'CONTROLLER',
    listeners: `CLIENT://127.0.0.1:${ports.client},${own}`,
    'advertised.listeners': `CLIENT://127.0.0.1:${ports.advertised},INTERNAL://127.0.0.1:${ports.internal}`,
    'listener.security.protocol.map': 'CLIENT:PLAINTEXT,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'INTERNAL',
    'log.dirs': join(directory, 'data'),
    'auto.create.topics.enable': 'false',
    'offsets.topic.num.partitions': '1',
    'offsets.topic.replication.factor': copies,
    'transaction.state.log.replication.factor': copies,
    'transaction.state.log.min.isr': inSync,
    'share.coordinator.state.topic.replication.factor': copies,
    'share.coordinator.state.topic.min.isr': inSync,
    'default.replication.factor': copies,
    'min.insync.replicas': inSync,
    'group.initial.rebalance.delay.ms': '0',
    'group.min.session.timeout.ms': '1000',
    'num.network.threads': '2',
    'num.io.threads': '2',
    'log.cleaner.dedupe.buffer.size': '2097152',
    'log.segment.bytes': '16777216',
    'unclean.leader.election.enable': 'false',
    // A dead broker is noticed in seconds, so that tests see a fail-over.
    'broker.session.timeout.ms': '4000',
    'broker.heartbeat.interval.ms': '1000',
    'replica.lag.time.max.ms': '5000',
  }
}

const logging = `<Configuration status="WARN">
  <Appenders><Console name="out"><PatternLayout pattern="%d %p %m (%c)%n"/></Console></Appenders>
  <Loggers><Root level="WARN"><AppenderRef ref="out"/></Root></Loggers>
</Configuration>
`
