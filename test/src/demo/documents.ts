import { readFileSync } from 'node:fs'
import type { Deposit } from '@socle/connectors'
import { anAward, buyerSiret } from '../support/award.ts'

const examples = new URL('../../../schemas/examples/documents/', import.meta.url)

/** The consultation that notice and e-DUME response name themselves (BT-04); the award cannot, so its sender does. */
export const consultation: string = /<cbc:ContractFolderID[^>]*>([^<]+)</.exec(text('eforms-cn-16.xml'))?.[1] ?? ''

export const buyer: string = buyerSiret

export function theNotice(): Deposit {
  return { kind: 'notice', bytes: readFileSync(new URL('eforms-cn-16.xml', examples)), mediaType: 'application/xml' }
}

export function theResponse(): Deposit {
  return {
    kind: 'dume-response',
    bytes: readFileSync(new URL('espd-response-4.1.0.xml', examples)),
    mediaType: 'application/xml',
  }
}

export function theAward(id = '2026-0001'): Deposit {
  return { kind: 'award', bytes: Buffer.from(anAward({ id })), mediaType: 'application/json', consultation }
}

/** Five faults at once, as real ones are: each is reported, not the first only. */
export function faultyAward(): Deposit {
  const file = JSON.parse(anAward({ id: '2026-0002' })) as { marches: { marche: Record<string, unknown>[] } }
  const [contract] = file.marches.marche
  Object.assign(contract ?? {}, {
    acheteur: { id: '21690123100012' },
    dateNotification: '2026-02-30',
    montant: 9_000_000_000,
    ccag: 'Travaux publics',
    considerationsSociales: { considerationSociale: ['Clause sociale', 'Pas de considération sociale'] },
  })
  delete contract?.['procedure']
  return { kind: 'award', bytes: Buffer.from(JSON.stringify(file, undefined, 1)), mediaType: 'application/json' }
}

export function notXml(): Deposit {
  return {
    kind: 'notice',
    bytes: Buffer.from('Avis de marché : voir le fichier joint.\n'),
    mediaType: 'application/xml',
  }
}

function text(name: string): string {
  return readFileSync(new URL(name, examples), 'utf8')
}
