import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Extensions of a certificate, in the words of OpenSSL's configuration. */
export interface CaseCertificate {
  readonly extensions: readonly string[]
  /** Valid from now on for so many days. */
  readonly days?: number
  /** Two certificates of one name: another key under the same words. */
  readonly name?: string
}

const authority = [
  'basicConstraints=critical,CA:TRUE',
  'keyUsage=critical,keyCertSign,cRLSign',
  'subjectKeyIdentifier=hash',
]
const sealing = ['keyUsage=critical,digitalSignature,nonRepudiation', 'authorityKeyIdentifier=keyid']
const stamping = ['keyUsage=critical,digitalSignature', 'extendedKeyUsage=critical,timeStamping']
/** An extension that nobody knows, and that insists. */
const unknown = '1.3.6.1.4.1.32473.7=critical,DER:0500'

/** From the root down to the end certificate; what is wrong is said by the name of the case. */
export interface ChainCase {
  readonly name: string
  readonly chain: readonly CaseCertificate[]
  readonly use: 'seal' | 'timestamp'
  /** Days from now at which it is asked. */
  readonly at?: number
  /** The last byte of the end certificate, in its signature, is changed. */
  readonly changed?: true
  /** Another root of the same name is trusted instead. */
  readonly stranger?: true
  /** OpenSSL takes it; ours does not know what the extension restricts, and it insists. */
  readonly stricter?: true
}

const root = { extensions: authority }
const middle = { extensions: authority, name: 'middle' }
const leaf = { extensions: sealing, name: 'leaf' }
const clock = { extensions: stamping, name: 'clock' }
const without = (start: string): readonly string[] => authority.filter((extension) => !extension.startsWith(start))

export const chainCases: readonly ChainCase[] = [
  { name: 'a seal under its authority', chain: [root, leaf], use: 'seal' },
  { name: 'a seal under an intermediate one', chain: [root, middle, leaf], use: 'seal' },
  { name: 'a clock under its authority', chain: [root, clock], use: 'timestamp' },
  { name: 'a clock under an intermediate one', chain: [root, middle, clock], use: 'timestamp' },
  { name: 'the last day', chain: [root, { ...leaf, days: 10 }], use: 'seal', at: 9 },
  { name: 'before its time', chain: [root, leaf], use: 'seal', at: -2 },
  { name: 'after its time', chain: [root, { ...leaf, days: 10 }], use: 'seal', at: 11 },
  { name: 'after the time of its issuer', chain: [root, { ...middle, days: 10 }, leaf], use: 'seal', at: 11 },
  { name: 'after the time of its authority', chain: [{ ...root, days: 10 }, leaf], use: 'seal', at: 11 },
  { name: 'a changed signature', chain: [root, leaf], use: 'seal', changed: true },
  { name: 'another authority of the same name', chain: [root, leaf], use: 'seal', stranger: true },
  {
    name: 'an issuer that is no authority',
    chain: [root, { ...middle, extensions: [...without('basic'), 'basicConstraints=critical,CA:FALSE'] }, leaf],
    use: 'seal',
  },
  {
    name: 'an issuer that does not say',
    chain: [root, { ...middle, extensions: without('basic') }, leaf],
    use: 'seal',
  },
  { name: 'an end certificate as issuer', chain: [root, { ...leaf, name: 'other' }, leaf], use: 'seal' },
  {
    name: 'an issuer that may not sign certificates',
    chain: [root, { ...middle, extensions: [...without('keyUsage'), 'keyUsage=critical,cRLSign'] }, leaf],
    use: 'seal',
  },
  {
    name: 'one authority too many on the way',
    chain: [{ extensions: [...without('basic'), 'basicConstraints=critical,CA:TRUE,pathlen:0'] }, middle, leaf],
    use: 'seal',
  },
  {
    name: 'as many as may be on the way',
    chain: [{ extensions: [...without('basic'), 'basicConstraints=critical,CA:TRUE,pathlen:1'] }, middle, leaf],
    use: 'seal',
  },
  { name: 'an unknown end that insists', chain: [root, { ...leaf, extensions: [...sealing, unknown] }], use: 'seal' },
  {
    name: 'an unknown issuer that insists',
    chain: [root, { ...middle, extensions: [...authority, unknown] }, leaf],
    use: 'seal',
  },
  {
    name: 'a seal that may only encipher',
    chain: [root, { ...leaf, extensions: ['keyUsage=critical,keyEncipherment'] }],
    use: 'seal',
  },
  { name: 'a clock as seal', chain: [root, clock], use: 'seal' },
  { name: 'a seal as clock', chain: [root, leaf], use: 'timestamp' },
  {
    name: 'a clock that does not insist',
    chain: [root, { ...clock, extensions: ['keyUsage=critical,digitalSignature', 'extendedKeyUsage=timeStamping'] }],
    use: 'timestamp',
  },
  {
    name: 'a clock for other things too',
    chain: [root, { ...clock, extensions: ['extendedKeyUsage=critical,timeStamping,emailProtection'] }],
    use: 'timestamp',
  },
  {
    name: 'an issuer for some names only',
    chain: [root, { ...middle, extensions: [...authority, 'nameConstraints=critical,permitted;DNS:example'] }, leaf],
    use: 'seal',
    stricter: true,
  },
]

/** PEM files of a case, the root first. @throws with what OpenSSL said */
export function makeChain(directory: string, chain: readonly CaseCertificate[]): readonly string[] {
  const files: string[] = []
  for (const [at, { extensions, days = 100, name = 'root' }] of chain.entries()) {
    const place = (kind: string): string => join(directory, `${at}.${kind}`)
    const issuer = join(directory, String(at - 1))
    writeFileSync(place('cnf'), extensions.join('\n'))
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', place('key')]
    openssl('req', '-new', '-subj', `/O=Essai/CN=${name}`, ...key, '-out', place('csr'))
    const by = at === 0 ? ['-signkey', place('key')] : ['-CA', `${issuer}.pem`, '-CAkey', `${issuer}.key`]
    const how = ['-days', String(days), '-extfile', place('cnf'), '-set_serial', String(at + 1), '-out', place('pem')]
    openssl('x509', '-req', '-sha256', '-in', place('csr'), ...by, ...how)
    files.push(place('pem'))
  }
  return files
}

/** A certificate file with the last byte, which is of the signature, changed. */
export function changeSignature(file: string): void {
  const body = readFileSync(file, 'utf8').replaceAll(/-----[A-Z ]+-----|\s/g, '')
  const der = Buffer.from(body, 'base64')
  der[der.length - 1] = (der.at(-1) ?? 0) ^ 1
  const lines = der.toString('base64').replaceAll(/.{64}/g, '$&\n').trimEnd()
  writeFileSync(file, `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`)
}

function openssl(...parameters: readonly string[]): void {
  const { status, stderr } = spawnSync('openssl', parameters, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`openssl ${parameters[0]}: ${stderr}`)
}
