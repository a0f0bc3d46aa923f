/** A text of one source file, as it stands there exactly once, and what a careless hand could make of it. */
export interface Edit {
  readonly old: string
  readonly new: string
}

/** A test of one of the suites. `test` is a part of its title. */
export interface Scenario {
  readonly project: string
  readonly file: string
  readonly test: string
}

/** A hub that breaks one promise and still compiles. */
export interface Mutant {
  readonly name: string
  readonly what: string
  readonly file: string
  readonly edits: readonly Edit[]
  /** Tests that must fail on it, each: the quickest, and where it would show, a judged run on real servers. */
  readonly caughtBy: readonly Scenario[]
}

const contract = (file: string, test: string): Scenario => ({
  project: 'contracts',
  file: `test/src/contracts/${file}.test.ts`,
  test,
})
const flow = (file: string, test: string): Scenario => ({
  project: 'flow',
  file: `test/src/flow/${file}.test.ts`,
  test,
})

/** Three replicas on real servers, and the judgement of a checker that shares no code with them. */
const judged = (fault: string): Scenario => ({
  project: 'production',
  file: 'test/src/production/one-broker.test.ts',
  test: `${fault}: `,
})

/** Each keeps types and tests of good days happy: what it breaks shows in a race, a crash, a loss or a lie only. */
export const mutants: readonly Mutant[] = [
  {
    name: '1',
    what: 'a key known to the ledger is recorded again: deduplication is left to the look before',
    file: 'gateway/src/record/ledger.ts',
    edits: [
      {
        old: `    if (earlier)
      return earlier.sha256 === idempotency.sha256 || earlier.sha256 === ''
        ? { result: 'replayed', index: earlier.idx }
        : { result: 'key-reused' }`,
        new: `    if (earlier) {
      const { idempotency: _, ...keyless } = entry
      return { result: 'fresh', index: next++, entry: keyless }
    }`,
      },
    ],
    caughtBy: [contract('store', 'the first bytes under a key win, in the same batch and in a later one')],
  },
  {
    name: '2',
    what: 'the answer leaves before the commit',
    file: 'gateway/src/adapters/store-postgres.ts',
    edits: [
      {
        old: 'const appendConnections = 1',
        new: `const appendConnections = 1
type Tx = Parameters<typeof appendEntries>[0]
const early = async <T>(db: ReturnType<typeof kyselyOverPool>, work: (tx: Tx) => Promise<T>): Promise<T> =>
  await new Promise((resolve, reject) => {
    db.transaction()
      .execute(async (tx) => resolve(await work(tx)))
      .catch(reject)
  })`,
      },
      {
        old: `await appender
        .transaction()
        .execute(async (tx) => await appendEntries(tx, entries, known))`,
        new: 'await early(appender, async (tx) => await appendEntries(tx, entries, known))',
      },
    ],
    caughtBy: [
      contract('postgres-connections', 'inside the commit: nothing was recorded, and the retry records it once'),
    ],
  },
  {
    name: '3a',
    what: 'one kafkajs send over several partitions',
    file: 'gateway/src/adapters/bus-kafka.ts',
    edits: [
      { old: 'if (partition % lanes !== lane) continue', new: 'if (lane !== 0) continue' },
      { old: 'const place = `${topic}/${partition}`', new: 'const place = topic' },
      {
        old: 'const sure = results.length === 1 && only?.topicName === topic && only.partition === partition',
        new: 'const sure = results.length > 0 && only?.topicName === topic',
      },
    ],
    caughtBy: [contract('kafka-cluster', 'on ours both are there')],
  },
  {
    name: '3b',
    what: 'several sends to a partition in flight',
    file: 'gateway/src/adapters/bus-kafka.ts',
    edits: [
      {
        old: 'for (const run of runs) await within(answerMs, sendRun(run))',
        new: 'await Promise.all(runs.map(async (run) => await within(answerMs, sendRun(run))))',
      },
    ],
    caughtBy: [contract('kafka-in-flight', 'is followed by no other on its partition until it is answered')],
  },
  {
    name: '4',
    what: 'the head of the ledger is read without its lock on PostgreSQL',
    file: 'gateway/src/store/ledger-rows.ts',
    edits: [{ old: 'where id = 1 for update`', new: 'where id = 1`' }],
    caughtBy: [contract('store-postgres', 'stores at once, from the first entry on, give each number once')],
  },
  {
    name: '5',
    what: 'the relay moves its cursor before the bus has answered',
    file: 'gateway/src/publish/relay.ts',
    edits: [
      {
        old: 'if (linked.length > 0) await hub.bus.publish(linked)',
        new: 'if (linked.length > 0) hub.bus.publish(linked).catch(() => undefined)',
      },
    ],
    caughtBy: [
      contract('bus-relay', 'a bus in doubt is given the same messages again, with the same predecessors'),
      judged('F9'),
    ],
  },
  {
    name: '6',
    what: 'order is kept by document, not by consultation',
    file: 'gateway/src/publish/relay.ts',
    edits: [
      {
        old: `key: document.consultation,
    partition: partitionOf(document.consultation, hub.bus.partitions),`,
        new: `key: document.id,
    partition: partitionOf(document.id, hub.bus.partitions),`,
      },
    ],
    caughtBy: [contract('bus-relay', 'chains each partition, ties each message to its leaf'), judged('F20')],
  },
  {
    name: '7',
    what: 'a webhook tried again bears a new id',
    file: 'gateway/src/deliver/dispatcher.ts',
    edits: [
      {
        old: 'hub.webhooks.send(row, { id: event.id,',
        new: 'hub.webhooks.send(row, { id: row.failures > 0 ? hub.newId() : event.id,',
      },
    ],
    caughtBy: [flow('webhook', 'that fails is tried again with the same id, and what follows waits')],
  },
  {
    name: '8',
    what: 'the verifier believes the tile for the last row of a bundle, and does not hash it again',
    file: 'gateway/src/audit/check-tree.ts',
    edits: [
      {
        old: 'const hashes = hashEntries(bytes, ends)',
        new: 'const hashes = hashEntries(bytes, ends); read({ ...bundle, level: 0 }).copy(hashes, (bundle.width - 1) * 32, (bundle.width - 1) * 32)',
      },
    ],
    caughtBy: [
      {
        project: 'tamper',
        file: 'test/src/tamper/each-row.test.ts',
        test: 'in any row of the log, first and last of each bundle too, is found at that row',
      },
    ],
  },
  {
    name: '9',
    what: 'the rate is counted by address, not by account',
    file: 'gateway/src/receive/admission.ts',
    edits: [
      {
        old: "const wait = body === 'records' ? 0 : await waitOf(caller.account)",
        new: "const wait = body === 'records' ? 0 : await waitOf(presented.raw.socket.remoteAddress ?? '')",
      },
    ],
    caughtBy: [flow('limits', 'is its own: another account beside it, from the same address, is not held back')],
  },
  {
    name: '10',
    what: 'the imprint of a timestamp is not compared with what it should be over',
    file: 'schemas/src/proof/timestamp-verify.ts',
    edits: [
      {
        old: 'if (!imprint.equals(wanted.hash))',
        new: 'if (imprint.length !== wanted.hash.length)',
      },
    ],
    caughtBy: [
      {
        project: 'unit',
        file: 'gateway/src/adapters/timestamp-local.test.ts',
        test: 'its token does not pass for other bytes, another authority, outside the certificate',
      },
    ],
  },
]
