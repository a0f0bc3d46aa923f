import { setTimeout as sleep } from 'node:timers/promises'
import { moveCursor, readPlace, releaseLease, renewLease, type Store, takeLease } from '@socle/gateway'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { StorePlace } from './store-contract.ts'

const long = 60_000
const short = 60
const at = new Date('2026-03-01T08:00:00.000Z')

/** One loop, one replica, whatever the store: and a replica that lost its lease writes nothing any more. */
export function leaseContract(name: string, newPlace: () => Promise<StorePlace>): void {
  describe(`leases: ${name}`, () => {
    let place: StorePlace
    let one: Store
    let two: Store
    beforeEach(async () => {
      place = await newPlace()
      one = await place.open()
      two = await place.open()
    })
    afterEach(async () => {
      await one.close()
      await two.close()
      await place.dispose()
    })

    const take = async (store: Store, holder: string, ms: number): ReturnType<typeof takeLease> =>
      await takeLease(store.writer, store.dialect, { name: 'relay', holder }, ms)

    test('is held by one, and by the next once it is given back', async () => {
      const first = await take(one, 'a', long)
      expect(first).toEqual({ name: 'relay', holder: 'a', epoch: 1 })
      expect(await take(two, 'b', long)).toBeUndefined()
      expect(await take(one, 'a', long)).toEqual(first)
      if (first) await releaseLease(one.writer, first)
      expect(await take(two, 'b', long)).toEqual({ name: 'relay', holder: 'b', epoch: 2 })
    })

    test('that is over passes on, and its former holder can neither renew it, nor give it back, nor move the cursor', async () => {
      const first = await take(one, 'a', short)
      if (!first) throw new Error('not taken')
      const { writer, dialect } = one
      expect(await moveCursor(writer, dialect, { lease: first, place: { position: 3, state: 's' }, at })).toBe(true)
      await sleep(2 * short)
      const second = await take(two, 'b', long)
      if (!second) throw new Error('not passed on')
      expect(second.epoch).toBe(2)
      expect(await renewLease(writer, dialect, first, long)).toBe(false)
      expect(await moveCursor(writer, dialect, { lease: first, place: { position: 9, state: 'z' }, at })).toBe(false)
      expect(await readPlace(two.reader, 'relay')).toEqual({ position: 3, state: 's' })
      await releaseLease(writer, first)
      expect(await take(one, 'a', long)).toBeUndefined()
      expect(await moveCursor(two.writer, dialect, { lease: second, place: { position: 4, state: '' }, at })).toBe(true)
      expect(await readPlace(one.reader, 'relay')).toEqual({ position: 4, state: '' })
    })

    test('that is over and that nobody took may be renewed', async () => {
      const first = await take(one, 'a', short)
      if (!first) throw new Error('not taken')
      await sleep(2 * short)
      expect(await renewLease(one.writer, one.dialect, first, long)).toBe(true)
      expect(await take(two, 'b', long)).toBeUndefined()
    })

    test('asked for by many at once is given to one', async () => {
      const asked = await Promise.all(
        Array.from({ length: 20 }, async (_, i) => await take(i % 2 === 0 ? one : two, `holder-${i}`, long)),
      )
      expect(asked.filter((lease) => lease !== undefined)).toHaveLength(1)
    })
  })
}
