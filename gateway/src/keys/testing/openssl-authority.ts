import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** How a certificate departs from that of a good seal. */
export interface OpensslPlan {
  /** Lines of an extension section; default: those of a seal. */
  readonly extensions?: readonly string[]
  readonly curve?: 'P-256' | 'P-384' | 'rsa'
  readonly digest?: 'sha1' | 'sha256'
  /** Validity as OpenSSL writes it, YYYYMMDDHHMMSSZ; default: a year from now. */
  readonly from?: string
  readonly to?: string
}

export interface OpensslAuthority {
  /** PEM. */
  readonly root: string
  readonly intermediate: string
  /** PEM texts of a new key and its certificate under the intermediate. */
  issue(name: string, plan: OpensslPlan): { readonly key: string; readonly certificate: string }
  /** Revokes a certificate that this authority issued; the next list has it. */
  revoke(name: string, reason?: string): void
  /** The intermediate's revocation list, PEM. @param options further ones of `openssl ca -gencrl` */
  crl(...options: readonly string[]): string
}

const sealExtensions = ['basicConstraints=critical,CA:FALSE', 'keyUsage=critical,digitalSignature,nonRepudiation']

const config = `
[ca]
default_ca = this
[this]
database = index.txt
serial = serial.txt
crlnumber = crlnumber.txt
new_certs_dir = .
default_md = sha256
default_days = 365
default_crl_days = 7
policy = any
unique_subject = no
copy_extensions = none
private_key = intermediate.key
certificate = intermediate.crt
crl_extensions = crl
[any]
commonName = supplied
[crl]
authorityKeyIdentifier = keyid
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
`

/**
 * A root, an intermediate and its book of certificates, by the `openssl` program: certificates and lists as authorities
 * really make them, none of it written by us.
 */
export function opensslAuthority(parent: string, folder = 'authority'): OpensslAuthority {
  const directory = join(parent, folder)
  mkdirSync(directory, { recursive: true })
  const run = (...words: readonly string[]): void =>
    void execFileSync('openssl', words, { cwd: directory, stdio: 'pipe' })
  const read = (name: string): string => readFileSync(join(directory, name), 'utf8')
  writeFileSync(join(directory, 'ca.cnf'), config)
  for (const [name, text] of [
    ['index.txt', ''],
    ['serial.txt', '1000\n'],
    ['crlnumber.txt', '01\n'],
  ] as const)
    writeFileSync(join(directory, name), text)
  const newKey = (name: string, curve: Required<OpensslPlan>['curve'] = 'P-256'): void =>
    curve === 'rsa'
      ? run('genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048', '-out', `${name}.key`)
      : run('genpkey', '-algorithm', 'EC', '-pkeyopt', `ec_paramgen_curve:${curve}`, '-out', `${name}.key`)
  const request = (name: string): void =>
    run('req', '-new', '-key', `${name}.key`, '-subj', `/CN=${name}`, '-out', `${name}.csr`)
  newKey('root')
  run('req', '-x509', '-key', 'root.key', '-subj', `/CN=${folder} Root`, '-days', '3650', '-out', 'root.crt',
    '-config', 'ca.cnf', '-extensions', 'root') // prettier-ignore
  newKey('intermediate')
  run('req', '-new', '-key', 'intermediate.key', '-subj', `/CN=${folder} Intermediate`, '-out', 'intermediate.csr')
  run('x509', '-req', '-in', 'intermediate.csr', '-CA', 'root.crt', '-CAkey', 'root.key', '-days', '1800',
    '-extfile', 'ca.cnf', '-extensions', 'root', '-set_serial', '7', '-out', 'intermediate.crt') // prettier-ignore
  const pem = (name: string): string => `${read(name).trim()}\n`
  return {
    root: pem('root.crt'),
    intermediate: pem('intermediate.crt'),
    issue(name, { extensions = sealExtensions, curve, digest = 'sha256', from, to }) {
      newKey(name, curve)
      request(name)
      writeFileSync(join(directory, 'extensions.cnf'), `[those]\n${extensions.join('\n')}\n`)
      const period = [...(from ? ['-startdate', from] : []), ...(to ? ['-enddate', to] : [])]
      run('ca', '-batch', '-notext', '-config', 'ca.cnf', '-in', `${name}.csr`, '-out', `${name}.crt`, '-md', digest,
        '-extfile', 'extensions.cnf', '-extensions', 'those', ...period) // prettier-ignore
      return { key: pem(`${name}.key`), certificate: pem(`${name}.crt`) }
    },
    revoke(name, reason = 'keyCompromise') {
      run('ca', '-config', 'ca.cnf', '-revoke', `${name}.crt`, '-crl_reason', reason)
    },
    crl(...options) {
      run('ca', '-config', 'ca.cnf', '-gencrl', '-out', 'list.crl', ...options)
      return pem('list.crl')
    },
  }
}
