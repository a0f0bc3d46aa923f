import type { Command } from 'commander'
import { parseDocumentId } from '../ids.ts'
import { erase, eraseConsultation } from '../record/erase.ts'
import { purge } from '../store/purge.ts'
import type { WiredHub } from '../wire.ts'
import { exitCodes, Unusable } from './exit.ts'
import { withHub } from './operator-hub.ts'

interface EraseOptions {
  readonly consultation?: string
  readonly decision: string
}

/** Visible characters and blanks; the log keeps it for ever. */
const decisionForm = /^[!-~\u00a1-\u024f](?:[ -~\u00a1-\u024f]{0,198}[!-~\u00a1-\u024f])?$/

const help = `
Irréversible : deploy/runbooks/erasure.md. La référence reste dans le journal : sans donnée personnelle.
Cannot be undone: deploy/runbooks/erasure.md. The reference stays in the log: without personal data.`

export function eraseCommand(program: Command): void {
  program
    .command('erase')
    .argument('[id]', 'a document or a refusal')
    .option('--consultation <id>', 'every document of a consultation, and its key')
    .requiredOption('--decision <reference>', 'reference of the decision, 1 to 200 characters')
    .description('erase documents for ever (RGPD): bytes, keys and envelope; the log, receipts and evidence stay valid')
    .addHelpText('after', help)
    .action(async (id: string | undefined, { consultation, decision }: EraseOptions) => {
      if (!decisionForm.test(decision)) throw new Unusable('--decision: 1 to 200 characters, without line breaks')
      if ((id === undefined) === (consultation === undefined))
        throw new Unusable('un document ou --consultation / a document or --consultation')
      await withHub(async (hub) => {
        const { now, before } = await (id === undefined
          ? allOf(hub, consultation ?? '', decision)
          : one(hub, parseDocumentId(id), decision))
        say(`effacés / erased: ${now}`)
        if (before > 0) say(`effacés auparavant / erased before: ${before}`)
        await purged(hub)
      })
    })
}

/** Documents erased by this command, and by others before. */
interface Done {
  readonly now: number
  readonly before: number
}

async function one(hub: WiredHub, id: string, decision: string): Promise<Done> {
  const now = await erase(hub, { documents: [id], decision })
  return { now, before: 1 - now }
}

async function allOf(hub: WiredHub, consultation: string, decision: string): Promise<Done> {
  const done = await eraseConsultation(hub, { consultation, decision })
  if (done.now + done.before === 0) throw new Unusable(`consultation ${consultation}: aucun document / no document`)
  return done
}

/** What is left to do in the files of the store, and whether it was done. */
export async function purged({ store }: WiredHub): Promise<void> {
  if (store.dialect === 'postgres')
    return say('PostgreSQL : reste à faire VACUUM / still to do: VACUUM (deploy/runbooks/erasure.md)')
  if (await purge(store)) return say('fichiers purgés / files purged')
  say('le journal de SQLite est tenu par un lecteur : relancez / a reader holds the journal of SQLite: run this again')
  process.exitCode = exitCodes.failed
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
