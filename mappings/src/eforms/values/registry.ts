import type { Money } from '@socle/schemas'
import { amount, count, decimal, duration, money } from './number-types.ts'
import {
  bareNoticeRef,
  cpv,
  flag,
  indicator,
  key,
  noticeRef,
  nuts,
  organisationId,
  plain,
  reference,
  sole,
  url,
  words,
} from './text-types.ts'
import { awardDay, day, dummyDay, instant, moment, time, timeOfDay } from './time-types.ts'
import type { ValueType } from './value-type.ts'

const simple: Readonly<Record<string, ValueType>> = {
  text: plain,
  key: key(),
  bareNoticeRef,
  noticeRef,
  reference,
  soleReference: sole,
  words,
  name: words,
  url,
  cpv,
  nuts,
  organisationId,
  indicator,
  day,
  awardDay,
  dummyDay,
  time,
  momentDay: moment,
  momentTime: timeOfDay,
  instantDay: instant,
  instantTime: timeOfDay,
  amount,
  decimal,
  integer: count,
  measure: duration,
}

const detailed: Readonly<Record<string, (detail: string) => ValueType>> = {
  code: (listName) => key({ listName }),
  id: (schemeName) => key({ schemeName }),
  flag,
  money: (meaning) => money(meaning as Money['meaning']),
}

/** The type a table names: `words`, `code:eu-funded`, `money:estimate`. Throws on an unknown one: tables are ours. */
export function valueType(source: string): ValueType {
  const [name = '', detail = ''] = source.split(':')
  const found = simple[name] ?? detailed[name]?.(detail)
  if (found === undefined) throw new Error(`not a value type: ${source}`)
  return found
}
