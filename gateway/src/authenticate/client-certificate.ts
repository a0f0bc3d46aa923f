import { createHash, X509Certificate } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'
import { HubError } from '../errors.ts'

/** What a request says of its caller, as Node read it. */
export interface Presented {
  readonly raw: Pick<IncomingMessage, 'headers' | 'headersDistinct' | 'socket'>
}

/** A certificate of a usual size, in base64. */
const largestHeader = 16_384

/** Thumbprints kept: each connection of a platform presents the same certificate at each request. */
const remembered = 1_000

export interface ClientCertificates {
  /**
   * The thumbprint (x5t#S256 of RFC 8705) of the certificate with which the caller's TLS connection was made, as the
   * proxy in front says in `Client-Cert` (RFC 9440); undefined without one. From whoever is not a trusted proxy the
   * header is refused, not passed over: it is an attack, or a proxy that the operator forgot to name.
   * @throws HubError HEADER_INVALID
   */
  thumbprintOf(request: Presented): string | undefined
}

/** @param trusted addresses or CIDR blocks. @throws RangeError naming one that is neither */
export function createClientCertificates(trusted: readonly string[]): ClientCertificates {
  const proxies = proxyList(trusted)
  const known = new Map<string, string>()
  return {
    thumbprintOf({ raw }) {
      const header = raw.headers['client-cert']
      if (header === undefined) return undefined
      if (!isTrusted(proxies, raw.socket.remoteAddress))
        throw new HubError('HEADER_INVALID', { value: 'Client-Cert: HUB_TRUSTED_PROXIES' })
      const text = String(header)
      const thumbprint = known.get(text) ?? readThumbprint(text)
      if (known.size >= remembered) known.delete(known.keys().next().value ?? '')
      known.set(text, thumbprint)
      return thumbprint
    },
  }
}

/** A list of peers. @throws RangeError naming what is neither an address nor a block */
export function proxyList(trusted: readonly string[]): BlockList {
  const list = new BlockList()
  for (const word of trusted) {
    const [address = '', bits, ...rest] = word.split('/')
    const family = isIP(address)
    const isBlock = bits !== undefined && /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 6 ? 128 : 32)
    if (family === 0 || rest.length > 0 || (bits !== undefined && !isBlock))
      throw new RangeError(`${word} is neither an address nor a CIDR block`)
    list.addSubnet(address, bits === undefined ? (family === 6 ? 128 : 32) : Number(bits), familyName(family))
  }
  return list
}

/** A socket that takes both families calls an IPv4 peer ::ffff:a.b.c.d. */
function isTrusted(proxies: BlockList, peer: string | undefined): boolean {
  const address = (peer ?? '').replace(/^::ffff:(?=\d+\.)/, '')
  const family = isIP(address)
  return family !== 0 && proxies.check(address, familyName(family))
}

function familyName(family: number): 'ipv4' | 'ipv6' {
  return family === 6 ? 'ipv6' : 'ipv4'
}

/** A header that came twice is joined by a comma, and is then no byte sequence any more. */
function readThumbprint(header: string): string {
  const encoded = header.length <= largestHeader ? /^:([A-Za-z0-9+/]+={0,2}):$/.exec(header)?.[1] : undefined
  if (encoded === undefined) throw new HubError('HEADER_INVALID', { value: 'Client-Cert: RFC 9440' })
  const der = Buffer.from(encoded, 'base64')
  try {
    // Bytes behind the certificate would give another thumbprint to the same one.
    if (!new X509Certificate(der).raw.equals(der)) throw new Error('bytes after the certificate')
  } catch (error) {
    throw new HubError('HEADER_INVALID', { value: 'Client-Cert: X.509 DER' }, error)
  }
  return createHash('sha256').update(der).digest('base64url')
}
