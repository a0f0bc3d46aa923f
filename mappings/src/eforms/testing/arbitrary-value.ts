import * as fc from 'fast-check'

/** Characters that XML escapes, blanks inside, and letters beyond ASCII. */
const piece = fc.constantFrom('a', 'é', '«', '&', '<', '>', '"', "'", ']]>', ' ', '\n', '\t', '😀', '0', '-')

const text: fc.Arbitrary<string> = fc
  .array(piece, { minLength: 1, maxLength: 8 })
  .map((pieces) => pieces.join('').trim())
  .filter((made) => made !== '')

const day = fc
  .integer({ min: 0, max: 12_000 })
  .map((days) => new Date(Date.UTC(2001, 0, 1) + days * 86_400_000).toISOString().slice(0, 10))

const offset = fc.constantFrom('Z', '+02:00', '-03:00', '+04:00')
const clock = fc.constantFrom('00:00:00', '12:00:00', '23:59:59.123')

/** As eForms writes it: with or without a time, each with its offset. */
const moment = fc
  .record({ on: day, offset, time: fc.option(clock, { nil: undefined }) })
  .map(({ on, offset: zone, time }) =>
    time === undefined
      ? { on, asWritten: `${on}${zone}` }
      : { on, at: `${on}T${time}${zone}`, asWritten: `${on}${zone} ${time}${zone}` },
  )

const decimal = fc
  .record({ whole: fc.nat(9_999_999), fraction: fc.constantFrom('', '.5', '.00', '.1234567') })
  .map(({ whole, fraction }) => `${whole}${fraction}`)

const amount = fc.record({ amount: decimal, currency: fc.constantFrom('EUR', 'XPF') })

const words = fc
  .record({
    text,
    language: fc.constantFrom('FRA', 'ENG'),
    translations: fc.option(fc.record({ DEU: text }), { nil: undefined }),
  })
  .map(({ translations, ...said }) => (translations === undefined ? said : { ...said, translations }))

const duration = fc.record({
  value: fc.integer({ min: 1, max: 99 }).map(String),
  unit: fc.constantFrom('DAY', 'WEEK', 'MONTH', 'YEAR'),
})

const noticeRef = fc.constantFrom('183632-2026', '3a9c41d7-6e52-4f0b-8b1a-5d7e90c2f384-01')

const byName: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  text,
  key: text,
  code: text,
  id: text,
  reference: fc.constantFrom('ORG-0001', 'TPO-0001', 'LOT-0001', 'PROCEDURE'),
  soleReference: fc.constantFrom('ORG-0001', 'TPO-0001'),
  noticeRef,
  bareNoticeRef: noticeRef,
  words,
  name: words,
  url: fc.constantFrom('https://achats.example/a?b=1&c=%20', 'http://profil.example'),
  cpv: fc.constantFrom('45214210', '77310000-6'),
  nuts: fc.constantFrom('FR', 'FRK26', 'FRY40'),
  indicator: fc.boolean(),
  flag: fc.boolean(),
  day,
  awardDay: day,
  dummyDay: day,
  time: fc.record({ clock, offset }).map(({ clock: time, offset: zone }) => `${time}${zone}`),
  momentDay: moment,
  amount,
  decimal,
  integer: fc.nat(999_999_999),
  measure: duration,
}

/** Any value of a type, named as in the tables, in the shape that reading gives. */
export function arbitraryValue(type: string): fc.Arbitrary<unknown> {
  const [name = '', detail] = type.split(':')
  if (name === 'money') return amount.map((each) => ({ ...each, meaning: detail }))
  const found = byName[name]
  if (found === undefined) throw new Error(`nothing makes a value of the type ${type}`)
  return found
}
