import { mkdir, writeFile } from 'node:fs/promises'
import { join as pathOf } from 'node:path'
import { createLocalTimestampAuthority, erase, stampNow, type TimestampAuthority } from '@socle/gateway'
import { aResponse, consultation, notice } from '../flow/documents.ts'
import { ask, join, type Party } from '../flow/party.ts'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub, type TestHub } from '../support/hub.ts'

/** Containers that a hub gave out, and the operator's files to judge them by. Paths. */
export interface MadeContainers {
  /** Directory with `log.vkey`, `seal-ca.pem`, `tsa-ca.pem`. */
  readonly trust: string
  /** A notice: CAdES-T, under a stamped checkpoint, delivered twice, with one outcome. */
  readonly timed: string
  /** An award: CAdES-B under a checkpoint that nobody stamped yet. */
  readonly plain: string
  /** An e-DUME response: CAdES-T, confidential. */
  readonly confidential: string
  /** What is left of an award that was erased by decision 2026-17. */
  readonly erased: string
  /** Zip of the whole consultation: the notice and the response. */
  readonly consultation: string
  /** Of the notice. */
  readonly id: string
}

/** A clock that can be away. */
export interface SwitchedClock {
  isAway: boolean
  readonly authority: TimestampAuthority
  /** Whose keys it stamps with; before that it is away. */
  follow(hub: TestHub): void
}

export function switchedClock(): SwitchedClock {
  let real: TimestampAuthority | undefined
  const clock: SwitchedClock = {
    isAway: false,
    authority: {
      async stamp(...question) {
        if (clock.isAway || !real) throw new Error('the authority is away')
        return await real.stamp(...question)
      },
    },
    follow({ hub }) {
      const { timestamp } = hub.keys
      if (!timestamp) throw new Error('a sandbox has its own clock')
      real = createLocalTimestampAuthority({ identity: timestamp, chain: timestamp.chain, clock: hub.clock })
    },
  }
  return clock
}

/** Deposits, stamps, delivers, reports, and exports into `directory`, with a hub of its own that is gone afterwards. */
export async function makeContainers(directory: string): Promise<MadeContainers> {
  const clock = switchedClock()
  await using hub = await startHub({ timestamps: clock.authority }, { env: { HUB_TIMESTAMP_EVERY: '14400' } })
  clock.follow(hub)
  const sender = await join(hub, 'profil-a', { buyers: [buyerSiret] })
  const recipient = await join(hub, 'archive-b', { buyers: [buyerSiret] })
  const { id } = await sender.sent('notice', notice)
  const response = await sender.sent('dume-response', aResponse('REP-1'))
  await readFeedTwice(recipient)
  const gone = await sender.sent('award', anAward({ id: 'GONE' }))
  await recipient.post(`/v1/documents/${id}/outcomes`, { result: 'archived', url: 'https://archive.example/42' })
  await erase(hub.hub, { documents: [gone.id], decision: '2026-17' })
  await stampNow(hub.hub)

  const at = (name: string): string => pathOf(directory, name)
  const made = {
    trust: at('trust'),
    timed: at('timed.asice'),
    plain: at('plain.asice'),
    confidential: at('confidential.asice'),
    erased: at('erased.asice'),
    consultation: at('consultation.zip'),
    id,
  }
  const keep = async (path: string, file: string): Promise<void> => {
    const answer = await sender.ask(path)
    if (answer.status !== 200) throw new Error(`HTTP ${answer.status} for ${path}: ${answer.text}`)
    await writeFile(file, answer.bytes)
  }
  await mkdir(made.trust, { recursive: true })
  for (const name of ['log.vkey', 'seal-ca.pem', 'tsa-ca.pem'])
    await writeFile(pathOf(made.trust, name), (await ask(hub, `/log/${name}`)).bytes)
  await keep(`/v1/documents/${id}/evidence`, made.timed)
  await keep(`/v1/documents/${response.id}/evidence`, made.confidential)
  await keep(`/v1/documents/${gone.id}/evidence`, made.erased)
  await keep(`/v1/consultations/${consultation}/evidence`, made.consultation)
  const award = await sender.sent('award', anAward())
  clock.isAway = true
  await keep(`/v1/documents/${award.id}/evidence`, made.plain)
  return made
}

/** Coming back with the cursor says that the page arrived: that is the delivery. */
export async function readFeedTwice(reader: Party): Promise<void> {
  const { next } = await reader.feed()
  await reader.feed(`?after=${next}`)
}
