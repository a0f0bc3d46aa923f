import type { Store } from '@socle/gateway'
import { expect, test } from 'vitest'
import { anEntry } from './entries.ts'
import { sizeIn } from './ledger-view.ts'
import type { StorePlace } from './store-contract.ts'

interface Open {
  readonly place: StorePlace
  readonly store: Store
}

/** Statements that make the store keep other than it is given, and those that end it. */
interface Lie {
  readonly begin: string
  readonly end: string
}

/** `before`: rows change on their way into the table, as in a server's memory. */
const postgresLie = (table: string, change: string): Lie => ({
  begin: `create function lie() returns trigger language plpgsql as $$ begin ${change} end $$;
    create trigger lies before insert on ${table} for each row execute function lie()`,
  end: `drop trigger lies on ${table}; drop function lie()`,
})

const sqliteLie = (table: string, change: string): Lie => ({
  begin: `drop trigger ${table}_unchanged; drop trigger ${table}_undeleted;
    create trigger lies after insert on ${table} begin ${change}; end`,
  end: 'drop trigger lies',
})

/** One bit: an l and an m differ in the last. */
const lies: readonly (readonly [string, Readonly<Record<'sqlite' | 'postgres', Lie>>])[] = [
  [
    'a leaf with another bit',
    {
      sqlite: sqliteLie(
        'entries',
        "update entries set leaf = cast(replace(cast(leaf as text), 'leaf', 'meaf') as blob) where idx = new.idx",
      ),
      postgres: postgresLie('entries', 'new.leaf := set_bit(new.leaf, 0, 1 - get_bit(new.leaf, 0)); return new;'),
    },
  ],
  [
    'a row that is not kept',
    {
      sqlite: sqliteLie('entries', 'delete from entries where idx = new.idx and idx % 2 = 0'),
      postgres: postgresLie('entries', 'if new.idx % 2 = 0 then return null; end if; return new;'),
    },
  ],
  [
    'a tile with another bit',
    {
      sqlite: sqliteLie(
        'tree_nodes',
        'update tree_nodes set hash = zeroblob(32) where level = new.level and idx = new.idx',
      ),
      postgres: postgresLie('tree_nodes', 'new.hash := set_bit(new.hash, 7, 1 - get_bit(new.hash, 7)); return new;'),
    },
  ],
  [
    'a tile that is not kept',
    {
      sqlite: sqliteLie('tree_nodes', 'delete from tree_nodes where level = new.level and idx = new.idx'),
      postgres: postgresLie('tree_nodes', 'return null;'),
    },
  ],
]

const flipped = (bytes: Uint8Array, bit: number): Buffer => {
  const other = Buffer.from(bytes)
  other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7))
  return other
}

/** What becomes of the head's row on the disk, as a statement that sets it. */
const rots: readonly (readonly [string, (head: { edge: Uint8Array; checkpoint: string; size: number }) => string])[] = [
  ['the first bit of the edge', ({ edge }) => `edge = ${hex(flipped(edge, 0))}`],
  ['the last bit of the edge', ({ edge }) => `edge = ${hex(flipped(edge, edge.length * 8 - 1))}`],
  ['a node of the edge', ({ edge }) => `edge = ${hex(edge.subarray(32))}`],
  // As many bits set: the edge has the length that goes with it.
  ['the size', ({ size }) => `size = ${size + 2}`],
  ['the root that was signed', ({ checkpoint }) => `checkpoint = '${rootFlipped(checkpoint)}'`],
  [
    'the signature',
    ({ checkpoint }) =>
      `checkpoint = '${checkpoint.slice(0, -6)}${checkpoint.at(-6) === 'A' ? 'B' : 'A'}${checkpoint.slice(-5)}'`,
  ],
  ['the whole note', () => `checkpoint = 'x'`],
]

const hex = (bytes: Uint8Array): string => `HEX(${Buffer.from(bytes).toString('hex')})`

function rootFlipped(note: string): string {
  const [origin = '', size = '', root = '', ...rest] = note.split('\n')
  const other = flipped(Buffer.from(root, 'base64'), 5).toString('base64')
  return [origin, size, other, ...rest].join('\n')
}

/** What the store gives back is looked at before it is signed: nothing that rotted or was changed on its way is. */
export function readsBack(at: Open): void {
  const heads = async (): Promise<unknown> =>
    await at.store.reader.selectFrom('checkpoints').select(['size', 'note']).orderBy('size').execute()

  test.each(lies)('%s is never signed over', async (_, byDialect) => {
    const lie = byDialect[at.store.dialect]
    // One before the tile is complete.
    await at.store.append(Array.from({ length: 255 }, () => anEntry()))
    const before = await heads()
    await at.place.beside(lie.begin)
    const batch = [anEntry(), anEntry(), anEntry()]
    await expect(at.store.append(batch)).rejects.toMatchObject({ code: 'LEDGER_DAMAGED' })
    expect(await sizeIn(at.store)).toBe(255)
    expect(await heads()).toEqual(before)
    await at.place.beside(lie.end)
    expect(await at.store.append(batch)).toMatchObject([{ index: 255 }, { index: 256 }, { index: 257 }])
  })

  test.each(rots)(
    '%s of the head changed: nothing is signed on it, by this store or one opened later',
    async (_, rot) => {
      const { dialect } = at.store
      await at.store.append(Array.from({ length: 5 }, () => anEntry()))
      const before = await heads()
      const head = await at.store.reader.selectFrom('ledger_head').selectAll().executeTakeFirstOrThrow()
      const bytes = dialect === 'sqlite' ? "x'$1'" : "'\\x$1'::bytea"
      const change = `update ledger_head set ${rot(head).replace(/HEX\((\w*)\)/, bytes)}`
      await at.place.beside(
        dialect === 'sqlite'
          ? `drop trigger ledger_head_forward; ${change}`
          : `set session_replication_role = replica; ${change}`,
      )
      const other = await at.place.open()
      try {
        for (const store of [at.store, other])
          await expect(store.append([anEntry()])).rejects.toMatchObject({ code: 'LEDGER_DAMAGED' })
      } finally {
        await other.close()
      }
      expect(await heads()).toEqual(before)
    },
  )
}
