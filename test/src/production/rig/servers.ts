import { type KafkaCluster, startKafka } from '../../servers/kafka.ts'
import { type PostgresServer, startPostgres } from '../../servers/postgres.ts'
import { type Proxy, startProxy } from '../../servers/proxy.ts'
import { type RedisServer, startRedis } from '../../servers/redis.ts'
import { createRoles } from './roles.ts'

/** The real servers of one test file, each behind a proxy of ours. Runs come one after the other, each in a place of its own. */
export interface Servers extends AsyncDisposable {
  readonly postgres: PostgresServer
  readonly redis: RedisServer
  readonly kafka: KafkaCluster | undefined
  /** Between the gateways and PostgreSQL. */
  readonly toPostgres: Proxy
  readonly toRedis: Proxy
  /** One a broker, in the order of their ids. Brokers talk to each other beside them. */
  readonly toKafka: readonly Proxy[]
  /** What each is started with before a run: whatever a fault left behind is undone. */
  calm(): Promise<void>
}

/** Folders for the data; temporary ones unless told. */
interface Places {
  readonly postgres?: string
  readonly kafka?: string
}

/** @param brokers 0: without Kafka */
export async function startServers(brokers: 0 | 1 | 3, seed = 1, places: Places = {}): Promise<Servers> {
  const toKafka = await Promise.all(Array.from({ length: brokers }, async () => await startProxy({ target: 0, seed })))
  const [postgres, redis, kafka] = await Promise.all([
    startPostgres({
      settings: { max_connections: '200', max_wal_size: '64MB' },
      ...(places.postgres === undefined ? {} : { directory: places.postgres }),
    }),
    startRedis(),
    brokers === 0
      ? undefined
      : startKafka({
          nodes: brokers,
          ...(places.kafka === undefined ? {} : { directory: places.kafka }),
          advertise: toKafka.map(({ port }) => port),
          onPorts: (ports) => ports.forEach((port, at) => toKafka[at]?.aim(port)),
        }),
  ])
  await createRoles(postgres)
  const toPostgres = await startProxy({ target: postgres.port, seed })
  const toRedis = await startProxy({ target: Number(new URL(redis.url).port), seed })
  const proxies = [toPostgres, toRedis, ...toKafka]
  return {
    postgres,
    redis,
    kafka,
    toPostgres,
    toRedis,
    toKafka,
    async calm() {
      for (const proxy of proxies) {
        proxy.set({ is: 'pass' })
        proxy.dropAnswers({ next: 0, leaves: 'reset' })
        await proxy.door('open')
      }
      await kafka?.start()
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(proxies.map(async (proxy) => await proxy[Symbol.asyncDispose]()))
      await Promise.all([postgres, redis, kafka].map(async (server) => await server?.[Symbol.asyncDispose]()))
    },
  }
}
