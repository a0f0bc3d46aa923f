import { lookup, type LookupAddress } from 'node:dns'
import { describe, expect, test, vi } from 'vitest'
import { HubError } from '../errors.ts'
import { isInternalAddress, parseWebhookUrl, publicLookup } from './webhook-address.ts'

vi.mock('node:dns', () => ({ lookup: vi.fn() }))

const refusedAs = (text: string, allowInternal = false): string | undefined => {
  try {
    parseWebhookUrl(text, allowInternal)
    return undefined
  } catch (error) {
    return error instanceof HubError && error.code === 'WEBHOOK_URL_REFUSED' ? error.details.value : 'another error'
  }
}

const internal: readonly (readonly [string, ...string[]])[] = [
  ['loopback', '127.0.0.1', '127.255.255.254', '::1'],
  ['unspecified', '0.0.0.0', '0.1.2.3', '::'],
  ['private', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fc00::1', 'fdff:ffff::1'],
  ['link-local, where clouds keep their credentials', '169.254.169.254', 'fe80::1', 'febf::1'],
  ['shared and benchmark', '100.64.0.1', '100.127.255.255', '198.18.0.1', '198.19.255.255'],
  ['multicast, reserved and broadcast', '224.0.0.1', '240.0.0.1', '255.255.255.255', 'ff02::1'],
  ['documentation', '192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1'],
  ['IPv4 inside IPv6', '::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:10.0.0.1', '::ffff:a9fe:a9fe', '::127.0.0.1'],
  ['IPv4 behind a translation or a tunnel', '64:ff9b::7f00:1', '64:ff9b:1::1', '2002:7f00:1::1', '2001:0:1::1'],
  ['site-local and discard', 'fec0::1', '100::1'],
]

describe('an internal address', () => {
  test.each(internal)('is known in every form: %s', (_, ...addresses) => {
    for (const address of addresses) expect(isInternalAddress(address), address).toBe(true)
  })

  test('is what is not an address at all', () => {
    for (const text of ['', 'localhost', '1.2.3', '1.2.3.4.5', 'fe80::1%eth0%1'])
      expect(isInternalAddress(text)).toBe(true)
  })

  test.each(['1.1.1.1', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '126.255.255.255', '128.0.0.1'])(
    'is not its neighbour %s',
    (address) => expect(isInternalAddress(address)).toBe(false),
  )

  test.each([
    '172.15.255.255',
    '172.32.0.0',
    '192.167.255.255',
    '192.169.0.0',
    '223.255.255.255',
    '2a01:e0a::1',
    '2606:4700::1',
    '::ffff:1.1.1.1',
  ])('nor %s', (address) => expect(isInternalAddress(address)).toBe(false))
})

describe('the address of a webhook', () => {
  test.each([
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0177.0.0.1/',
    'https://0x7f.1/',
    'https://127.0.0.1./',
    'https://１２７.0.0.1/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[0:0:0:0:0:ffff:7f00:0001]/',
    'https://169.254.169.254/latest/meta-data/',
    'https://0/',
  ])('is refused when it is an internal one, however it is written: %s', (text) => {
    expect(refusedAs(text)).toBeDefined()
    expect(refusedAs(text)).not.toBe('another error')
    expect(refusedAs(text, true)).toBeUndefined()
  })

  test.each([
    ['http://example.org/', 'http: (https:)'],
    ['ftp://example.org/', 'ftp: (https:)'],
    ['javascript:alert(1)', 'javascript: (https:)'],
    ['file:///etc/passwd', 'file: (https:)'],
    ['https://name:word@example.org/', 'user:password@'],
    ['https://name@example.org/', 'user:password@'],
    ['https://', 'URL'],
    ['//example.org/', 'URL'],
    [`https://example.org/${'a'.repeat(2_048)}`, 'URL'],
  ])('is refused with its reason: %s', (text, reason) => {
    expect(refusedAs(text)).toBe(reason)
  })

  test('is taken when it is a public https one, with a port and a path', () => {
    expect(parseWebhookUrl('https://achats.example.org:8443/hub?x=1', false).href).toBe(
      'https://achats.example.org:8443/hub?x=1',
    )
    expect(refusedAs('https://1.1.1.1/')).toBeUndefined()
    expect(refusedAs('https://[2606:4700::1111]/')).toBeUndefined()
    expect(refusedAs('http://localhost:8080/', true)).toBeUndefined()
    expect(refusedAs('ftp://localhost/', true)).toBe('ftp: (https:)')
  })
})

describe('a name', () => {
  /** What the resolver answers; the test makes no query. */
  const resolving = (...addresses: readonly string[]): void => {
    const answer: LookupAddress[] = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
    vi.mocked(lookup).mockImplementation(((_name: string, _options: unknown, done: (...result: unknown[]) => void) =>
      done(null, answer)) as never)
  }
  const resolved = async (all: boolean): Promise<unknown> =>
    await new Promise((resolve) => {
      publicLookup('hook.example.org', { all }, (error, address, family) =>
        resolve(error ? error.code : [address, family]),
      )
    })

  test('that resolves to internal addresses only is refused at connection time', async () => {
    for (const addresses of [['127.0.0.1'], ['::1'], ['10.0.0.1', 'fe80::1'], ['::ffff:169.254.169.254'], []]) {
      resolving(...addresses)
      expect(await resolved(true)).toBe('EINTERNAL')
      expect(await resolved(false)).toBe('EINTERNAL')
    }
  })

  test('that mixes public and internal addresses leads to the public ones only', async () => {
    resolving('127.0.0.1', '1.1.1.1', '10.0.0.1')
    expect(await resolved(true)).toEqual([[{ address: '1.1.1.1', family: 4 }], undefined])
    expect(await resolved(false)).toEqual(['1.1.1.1', 4])
  })
})
