import { lookup } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { HubError } from '../errors.ts'

/**
 * Addresses that are not on the public Internet, or that carry one of those inside them (tunnels, translations): the hub
 * must not be used to reach what stands behind it (SSRF). IANA special-purpose registries.
 */
const internal = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  internal.addSubnet(network, prefix, 'ipv4')
}
for (const [network, prefix] of [
  ['::', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const) {
  internal.addSubnet(network, prefix, 'ipv6')
}

/** IPv4 addresses written as IPv6 (::ffff:127.0.0.1) are checked as IPv4 by the block list. */
export function isInternalAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 0) return true
  return internal.check(address, family === 4 ? 'ipv4' : 'ipv6')
}

/** @throws HubError WEBHOOK_URL_REFUSED with the reason */
export function parseWebhookUrl(text: string, allowInternal: boolean): URL {
  const refuse = (reason: string): never => {
    throw new HubError('WEBHOOK_URL_REFUSED', { value: reason })
  }
  if (text.length > 2_048 || !URL.canParse(text)) return refuse('URL')
  const url = new URL(text)
  if (url.username !== '' || url.password !== '') return refuse('user:password@')
  if (url.protocol !== 'https:' && !(allowInternal && url.protocol === 'http:'))
    return refuse(`${url.protocol} (https:)`)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (!allowInternal && isIP(host) !== 0 && isInternalAddress(host)) return refuse(host)
  return url
}

/** Resolves names and refuses internal answers at connection time, so that a name cannot change between check and use. */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, [])
    const allowed = addresses.filter(({ address }) => !isInternalAddress(address))
    const [first] = allowed
    if (!first)
      return callback(
        Object.assign(new Error(`${hostname} resolves to internal addresses only`), { code: 'EINTERNAL' }),
        [],
      )
    return options.all === true ? callback(null, allowed) : callback(null, first.address, first.family)
  })
}
