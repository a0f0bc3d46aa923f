import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stampNow } from '@socle/gateway'
import type { Receipt } from '@socle/schemas'
import { ask, join as joinHub } from '../flow/party.ts'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub } from '../support/hub.ts'

const socle = join(import.meta.dirname, '../../../gateway/bin/socle.mjs')

/** What a hub gave to a sender and an auditor, as files; every path is absolute. */
export interface Evidence {
  readonly receipt: string
  readonly document: string
  readonly container: string
  /** Of everything that belongs to one consultation. */
  readonly archive: string
  /** A directory with the keys. */
  readonly trust: string
  readonly keys: readonly string[]
  /** A checkpoint kept before the log grew. */
  readonly older: string
  /** The log and everything beside it. */
  readonly export: string
  /** The stamped head of the export, and its token. */
  readonly checkpoint: string
  readonly token: string
}

const consultation = 'ESSAI-2026-01'
const keyNames = ['log.vkey', 'seal-ca.pem', 'tsa-ca.pem']

/** Runs a hub, deposits two contracts, keeps what it answers, stops it, and exports its log. */
export async function makeEvidence(root: string): Promise<Evidence> {
  const at = (...parts: string[]): string => join(root, ...parts)
  const data = at('data')
  for (const folder of ['data', 'trust', 'export/receipts', 'export/documents', 'export/evidence'])
    mkdirSync(at(folder), { recursive: true })
  {
    await using hub = await startHub({}, { directory: data })
    const party = await joinHub(hub, 'profil-a', { buyers: [buyerSiret] })
    const get = async (path: string): Promise<Buffer> => {
      const answer = await party.ask(path)
      if (answer.status !== 200) throw new Error(`HTTP ${answer.status} for ${path}: ${answer.text}`)
      return answer.bytes
    }
    const keep = async (name: string, text: string): Promise<Receipt> => {
      const receipt = await party.sent('award', text, { headers: { 'hub-consultation': consultation } })
      const pretty = `${JSON.stringify(receipt, undefined, 2)}\n`
      await stampNow(hub.hub)
      writeFileSync(at(`export/receipts/${name}.json`), pretty)
      writeFileSync(at(`export/documents/${name}.json`), text)
      writeFileSync(at(`export/evidence/${name}.asice`), await get(`/v1/documents/${receipt.id}/evidence`))
      return receipt
    }
    await keep('marche-1', anAward())
    writeFileSync(at('older-checkpoint'), (await ask(hub, '/log/checkpoint')).bytes)
    await keep('marche-2', anAward({ id: '2026-0002' }))
    writeFileSync(at('consultation.zip'), await get(`/v1/consultations/${consultation}/evidence`))
    for (const name of keyNames) writeFileSync(at('trust', name), (await ask(hub, `/log/${name}`)).bytes)
  }
  copyFileSync(at('export/receipts/marche-1.json'), at('receipt.json'))
  copyFileSync(at('export/documents/marche-1.json'), at('marche.json'))
  copyFileSync(at('export/evidence/marche-1.asice'), at('preuve.asice'))
  exportLog(data, at('export'))
  return {
    receipt: at('receipt.json'),
    document: at('marche.json'),
    container: at('preuve.asice'),
    archive: at('consultation.zip'),
    trust: at('trust'),
    keys: keyNames.map((name) => at('trust', name)),
    older: at('older-checkpoint'),
    export: at('export'),
    checkpoint: at('export/log/checkpoint'),
    token: at('export/checkpoint.tsr'),
  }
}

function exportLog(data: string, out: string): void {
  const { PATH = '' } = process.env
  const env = { PATH, HUB_DATA: data }
  const parameters = [socle, 'export', '--stamp', '--log', out]
  const { status, stderr } = spawnSync(process.execPath, parameters, { env, encoding: 'utf8', timeout: 60_000 })
  if (status !== 0) throw new Error(`the log was not exported: ${stderr}`)
}
