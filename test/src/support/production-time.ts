import { cp, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openKeys } from '@socle/gateway'
import type { Tsa } from '../servers/tsa.ts'

const origin = 'socle.example/production/2026b'

/** A new data directory with the keys that an operator provides for production, and the authorities' certificates. */
export async function productionDirectory(...authorities: readonly Tsa[]): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'socle-time-'))
  openKeys(join(directory, 'made'), { environment: 'sandbox', origin, now: new Date() })
  const [made, keys] = [join(directory, 'made'), join(directory, 'keys')]
  for (const file of ['log.key', 'token.key', 'storage.key', 'seal.pem', 'trust/seal-ca.pem'])
    await cp(join(made, file), join(keys, file))
  await writeFile(join(keys, 'trust', 'tsa-ca.pem'), authorities.map(({ ca }) => ca).join(''))
  return directory
}

/** Settings of a production hub whose outside clocks are these; it stamps by hand unless it is told otherwise. */
export function productionSettings(
  authorities: readonly Tsa[],
  more: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return {
    HUB_ENVIRONMENT: 'production',
    HUB_LOG_ORIGIN: origin,
    HUB_TSA_URLS: authorities.map(({ url }) => url).join(),
    HUB_TSA_POLICIES: [...new Set(authorities.map(({ policy }) => policy))].join(),
    HUB_TSA_TIMEOUT_MS: '500',
    HUB_TIMESTAMP_EVERY: '14400',
    ...more,
  }
}
