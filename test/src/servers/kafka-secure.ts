/** A second listener for clients: TLS, and a password by PLAIN or SCRAM. */
export interface SecureListener {
  /** PEM: the certificate of 127.0.0.1 and its key (PKCS #8). */
  readonly certificate: string
  readonly key: string
  readonly user: string
  readonly password: string
}

/** Properties of the broker beside those of its plain listeners, which stay. */
export function secureProperties(
  port: number,
  plain: Readonly<Record<string, string>>,
  { certificate, key, user, password }: SecureListener,
): Readonly<Record<string, string>> {
  const own = `SECURE://127.0.0.1:${port}`
  const login = `org.apache.kafka.common.security.plain.PlainLoginModule required user_${user}="${password}";`
  const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule required;'
  const at = 'listener.name.secure.'
  // A line end within a value of a properties file.
  const inLine = (pem: string): string => pem.trim().replaceAll('\n', '\\n')
  return {
    listeners: `${plain['listeners'] ?? ''},${own}`,
    'advertised.listeners': `${plain['advertised.listeners'] ?? ''},${own}`,
    'listener.security.protocol.map': `${plain['listener.security.protocol.map'] ?? ''},SECURE:SASL_SSL`,
    [`${at}sasl.enabled.mechanisms`]: 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    [`${at}plain.sasl.jaas.config`]: login,
    [`${at}scram-sha-256.sasl.jaas.config`]: scram,
    [`${at}scram-sha-512.sasl.jaas.config`]: scram,
    [`${at}ssl.keystore.type`]: 'PEM',
    [`${at}ssl.keystore.certificate.chain`]: inLine(certificate),
    [`${at}ssl.keystore.key`]: inLine(key),
  }
}

/** The password as SCRAM wants it: known to the cluster from its first start. */
export function scramOptions({ user, password }: SecureListener): readonly string[] {
  return ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
    '--add-scram',
    `${mechanism}=[name=${user},password=${password}]`,
  ])
}
