import { join } from 'node:path'
import { parseTrust, type Trust, type TrustFiles } from '@socle/schemas'
import { openDirectory, readIfThere, writeDurably } from './durable-file.ts'
import { HubClientError } from './hub-client-error.ts'
import { isPassing } from './token-source.ts'
import { NetworkFailure, type Transport } from './transport.ts'

const names = { logVkey: 'log.vkey', sealCa: 'seal-ca.pem', tsaCa: 'tsa-ca.pem' } as const

const maxTrustBytes = 1_048_576

/**
 * Trust from a directory with log.vkey, seal-ca.pem and tsa-ca.pem, the same that `socle verify --trust` takes.
 * @throws HubClientError FILE_UNREADABLE when one is missing or is not what its name says
 */
export async function readTrust(directory: string): Promise<Trust> {
  const trust = await readPinned(directory)
  if (!trust) throw new HubClientError('FILE_UNREADABLE', { reason: `${directory} holds no trust files` })
  return trust
}

/**
 * Trust on first use: the files are asked of the hub once and kept; from then on the kept ones count, whatever the hub
 * says. Whoever can compare them with the operator's published keys should, and use `readTrust`.
 * @throws HubClientError FILE_UNREADABLE, UNREACHABLE, UNAVAILABLE, ANSWER_INVALID
 */
export async function pinTrust(directory: string, transport: Transport, timeoutMs: number): Promise<Trust> {
  await openDirectory(directory)
  const pinned = await readPinned(directory)
  if (pinned) return pinned
  const files = await fetchTrust(transport, timeoutMs)
  const trust = parsed(files)
  // The log's key last: its presence says that the others are there.
  for (const name of ['tsaCa', 'sealCa', 'logVkey'] as const)
    await writeDurably(join(directory, names[name]), files[name] ?? '')
  return trust
}

/** What the hub says of its own keys. @throws HubClientError UNREACHABLE, UNAVAILABLE, ANSWER_INVALID */
export async function fetchTrust(
  transport: Transport,
  timeoutMs: number,
): Promise<Required<Omit<TrustFiles, 'keys' | 'witnesses'>>> {
  const text = async (name: string): Promise<string> => {
    try {
      const request = { method: 'GET', path: `/log/${name}`, timeoutMs, maxBytes: maxTrustBytes } as const
      const { status, bytes } = await transport.exchange(request)
      if (isPassing(status)) throw new HubClientError('UNAVAILABLE', { status })
      if (status !== 200) throw new HubClientError('ANSWER_INVALID', { status, reason: `no /log/${name}` })
      return bytes.toString('utf8')
    } catch (error) {
      if (error instanceof NetworkFailure) throw new HubClientError('UNREACHABLE', { reason: error.message }, error)
      throw error
    }
  }
  return { logVkey: await text(names.logVkey), sealCa: await text(names.sealCa), tsaCa: await text(names.tsaCa) }
}

async function readPinned(directory: string): Promise<Trust | undefined> {
  const read = async (name: string): Promise<string | undefined> =>
    (await readIfThere(join(directory, name)))?.toString('utf8')
  const logVkey = await read(names.logVkey)
  if (logVkey === undefined) return undefined
  const [sealCa, tsaCa] = [await read(names.sealCa), await read(names.tsaCa)]
  if (sealCa === undefined) throw new HubClientError('FILE_UNREADABLE', { reason: `${names.sealCa} is missing` })
  return parsed({ logVkey, sealCa, ...(tsaCa === undefined ? {} : { tsaCa }) })
}

/** @throws HubClientError FILE_UNREADABLE: what is given cannot serve to verify anything */
export function parsed(files: TrustFiles): Trust {
  try {
    return parseTrust(files)
  } catch (error) {
    throw new HubClientError('FILE_UNREADABLE', { reason: 'the trust files' }, error)
  }
}
