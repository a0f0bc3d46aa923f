import { createHash } from 'node:crypto'
import { closeSync, openSync, readFileSync, readSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { audited, socle, verified } from '../rig/command.ts'
import { healthOf, startAll } from '../rig/health.ts'
import { depositAll } from '../rig/phase.ts'
import type { Rig } from '../rig/rig.ts'
import type { Scenario } from '../rig/scenario.ts'

/** As the superuser who switched the traps off. */
const untrapped = 'set session_replication_role = replica;'

interface Victim {
  readonly idx: number
  readonly id: string
  readonly account: string
  /** Hexadecimal, of the bytes as they came. */
  readonly sha256: string
}

/** Changes one bit of one byte in each row, and back when it is done again. */
async function flip(rig: Rig, column: string, of: string): Promise<void> {
  const [table = '', name = ''] = column.split('.')
  const changed = `set_byte(${name}, 20, get_byte(${name}, 20) # 1)`
  await rig.servers.postgres.query(`${untrapped} update ${table} set ${name} = ${changed} where ${of}`, rig.database)
}

async function someAward(rig: Rig, from: number): Promise<Victim> {
  const [row] = await rig.servers.postgres.query(
    `select idx, id, account, sha256 from documents where kind = 'award' and idx >= ${from} order by idx limit 1`,
    rig.database,
  )
  if (!row) throw new Error('no document to change')
  const { idx, id, account, sha256 } = row
  return { idx: Number(idx), id: String(id), account: String(account), sha256: String(sha256) }
}

/** What the sender of a document is answered, in a file of its own, and what `socle verify` says of it. */
async function served(rig: Rig, { id, account, sha256 }: Victim, what: 'content' | 'receipt' | 'evidence') {
  const token = rig.accounts.senders.find((sender) => sender.id === account)?.token ?? ''
  const headers = { authorization: `Bearer ${token}` }
  const answer = await fetch(`${rig.balancer.url}/v1/documents/${id}/${what}`, { headers })
  const bytes = Buffer.from(await answer.arrayBuffer())
  const digest = createHash('sha256').update(bytes).digest('hex')
  if (what === 'content') return `${answer.status} ${digest === sha256 ? 'as sent' : 'changed'}`
  if (answer.status !== 200) return String(answer.status)
  const file = join(rig.directory, `${id}.${what === 'receipt' ? 'json' : 'asice'}`)
  writeFileSync(file, bytes)
  return `${answer.status} ${await verified(rig, file, '--trust', join(rig.env['HUB_KEYS_DIR'] ?? '', 'trust'))}`
}

/** Documents whose bytes are not those that were received: the runbook's question (deploy/runbooks/tampering.md). */
async function wrongDigests(rig: Rig): Promise<string> {
  const { out } = await socle(rig, ['check'])
  return [...out.matchAll(/^(\d+)\|/gm)].map(([, idx]) => idx).join(', ') || 'none'
}

async function looked(rig: Rig, victim: Victim): Promise<string> {
  const log = await audited(rig)
  const digests = await wrongDigests(rig)
  const [content, receipt, evidence] = [
    await served(rig, victim, 'content'),
    await served(rig, victim, 'receipt'),
    await served(rig, victim, 'evidence'),
  ]
  return `log ${log}, digests ${digests === String(victim.idx) ? 'name it' : digests}, content ${content}, receipt ${receipt}, evidence ${evidence}`
}

interface Change {
  readonly what: string
  /** Done twice, it is undone. */
  readonly make: (rig: Rig, victim: Victim) => Promise<void>
  /** What auditor, operator and sender see today. */
  readonly shows: string
}

const unharmed = 'log proved, digests none, content 200 as sent, receipt 200 proved, evidence 200 proved'
const wrongLeaf =
  'log no export: socle: the entries do not give the root of the checkpoint: the store is damaged, ' +
  'digests none, content 200 as sent, receipt 200 not proved, evidence 200 not proved'

const changes: readonly Change[] = [
  { what: 'nothing', make: async () => await Promise.resolve(), shows: unharmed },
  // First, while the file holds one version of the row.
  { what: 'leaf in the file', make: flipOnDisk, shows: wrongLeaf },
  { what: 'leaf', make: async (rig, { idx }) => await flip(rig, 'entries.leaf', `idx = ${idx}`), shows: wrongLeaf },
  {
    what: 'document',
    make: async (rig, { idx }) => await flip(rig, 'documents.content', `idx = ${idx}`),
    // The hub does not serve it and says why; the evidence shows it to whoever does not trust the hub.
    shows: 'log proved, digests name it, content 500 changed, receipt 200 proved, evidence 200 not proved',
  },
  {
    what: 'tree node',
    make: async (rig) => await flip(rig, 'tree_nodes.hash', 'level = 1 and idx = 0'),
    // The log is rebuilt from its leaves; what leans on the node does not verify.
    shows: 'log proved, digests none, content 200 as sent, receipt 200 not proved, evidence 200 not proved',
  },
]

export const bytesFlipped: Scenario = {
  fault: 'F17',
  what: 'a bit changed behind the hub’s back in a leaf, a document, a tree node, a file of PostgreSQL',
  options: { gateways: 1 },
  async act(rig) {
    const senders = rig.load({ senders: 12, pauseMs: [0, 10] })
    // Enough for a node of the tree beside the leaves, and a document behind it.
    await senders.more(280)
    await senders.stop()
    await rig.caughtUp()
    await audited(rig, '--stamp')
    const victim = await someAward(rig, 257)
    const found: string[] = []
    for (const { what, make, shows } of changes) {
      await make(rig, victim)
      const looks = await looked(rig, victim)
      if (looks !== shows) throw new Error(`${what} changed: ${looks}`)
      await make(rig, victim)
      if (shows !== unharmed) found.push(what)
    }
    return { loads: [], seen: `seen: ${found.join(', ')}; put back each time` }
  },
}

/** One bit of the leaf in the file of its table, while nobody has it open. */
async function flipOnDisk({ servers: { postgres }, database, gateways }: Rig, { id }: Victim): Promise<void> {
  const [row] = await postgres.query(`checkpoint; select pg_relation_filepath('entries') as path`, database)
  const file = join(postgres.directory, String(row?.['path']))
  await postgres.stop()
  // Behind the byte that is changed, and not in the envelope: there other members follow the id.
  const place = readFileSync(file).indexOf(`","id":"${id}","kind":"doc","seal"`) - 10
  if (place < 0) throw new Error('the leaf does not stand in the file as it is')
  const descriptor = openSync(file, 'r+')
  const one = Buffer.alloc(1)
  readSync(descriptor, one, 0, 1, place)
  writeSync(descriptor, Buffer.of((one[0] ?? 0) ^ 1), 0, 1, place)
  closeSync(descriptor)
  await postgres.start()
  await Promise.all(gateways.map(async (gateway) => await gateway.ready()))
}

const cutBy = 12

/** A row out of the middle is seen at once; a tail cut off is a log that verifies: old receipts and topics show it. */
export const rowsDeleted: Scenario = {
  fault: 'F18',
  what: 'an entry deleted and put back, then the tail cut off with its head',
  options: { gateways: 1 },
  finds: ['lost', 'proof', 'chain', 'read-back', 'applied'],
  async act(rig) {
    const { postgres } = rig.servers
    const sql = async (text: string) => await postgres.query(`${untrapped} ${text}`, rig.database)
    await depositAll(rig, 0, 40)
    await audited(rig, '--stamp')
    const { idx } = await someAward(rig, 20)
    await sql(`create table stolen as select * from entries where idx = ${idx}; delete from entries where idx = ${idx}`)
    const hole = await audited(rig)
    await sql(`insert into entries select * from stolen; drop table stolen`)
    if (!hole.includes('incomplete') || (await audited(rig)) !== 'proved') throw new Error(`a hole: ${hole}`)

    await sql('create table kept_head as select * from ledger_head')
    await depositAll(rig, 1_000, cutBy)
    await Promise.all(rig.gateways.map(async (gateway) => await gateway.kill()))
    const old = '(select size from kept_head)'
    await sql(`delete from documents where idx >= ${old}; delete from idempotency_keys where idx >= ${old};
      delete from deliveries where idx >= ${old}; delete from entries where idx >= ${old};
      delete from time_tokens where idx >= ${old}; delete from checkpoints where size > ${old};
      delete from ledger_head; insert into ledger_head select * from kept_head`)
    const log = await audited(rig)
    if (log !== 'proved') throw new Error(`the shorter log should verify by itself: ${log}`)
    await startAll(rig.gateways)
    const [ready] = await Promise.all(rig.gateways.map(async (gateway) => (await healthOf(gateway)).status))
    return { loads: [], seen: `a hole: no export; the shorter log verifies by itself, and the hub is ${ready}` }
  },
  felt: ({ verdicts }) => verdicts.find(({ name }) => name === 'lost')?.faults === cutBy,
}
