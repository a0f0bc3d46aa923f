import { createWriteStream } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Command } from 'commander'
import { maxContainers } from '../audit/consultation-layout.ts'
import { writeContainer } from '../audit/container.ts'
import { zipChunks } from '../audit/zip-writer.ts'
import { createSealTokens } from '../record/seal-token-asker.ts'
import { documentsOfConsultation, findDocument } from '../store/happenings.ts'
import { consultationMembers } from '../trace/consultation-evidence.ts'
import { evidenceOf } from '../trace/evidence.ts'
import type { WiredHub } from '../wire.ts'
import { Unusable } from './exit.ts'
import { withHub } from './operator-hub.ts'

interface EvidenceOptions {
  readonly consultation?: string
  readonly out: string
}

export function evidenceCommand(program: Command): void {
  program
    .command('evidence')
    .argument('[document]', 'id of the document')
    .option('--consultation <id>', 'every document of a consultation instead, as a zip of containers')
    .requiredOption('--out <file>', 'file to write; there once it is whole')
    .description('evidence container (ASiC-E) of a document or of a whole consultation, as an auditor needs it')
    .action(async (document: string | undefined, options: EvidenceOptions) => {
      const { consultation, out } = options
      if ((document === undefined) === (consultation === undefined))
        throw new Unusable('give the id of a document, or --consultation')
      // A name of its own until it is whole: what a crash leaves is no evidence.
      const partial = `${out}.partial`
      await withHub(async (hub) => {
        try {
          if (document !== undefined) await writeDocument(hub, document, partial)
          if (consultation !== undefined) await writeConsultation(hub, consultation, partial)
          await rename(partial, out)
        } finally {
          await rm(partial, { force: true })
        }
      })
      process.stdout.write(`${out}\n`)
    })
}

async function writeDocument(hub: WiredHub, id: string, file: string): Promise<void> {
  const document = await findDocument(hub.store.reader, id)
  if (!document) throw new Unusable(`no document ${id}`)
  const { parts } = await evidenceOf(hub, createSealTokens(hub), document)
  await writeFile(file, await writeContainer(parts))
}

async function writeConsultation(hub: WiredHub, consultation: string, file: string): Promise<void> {
  const documents = await documentsOfConsultation(hub.store.reader, consultation)
  if (documents.length === 0) throw new Unusable(`no document of the consultation ${consultation}`)
  if (documents.length > maxContainers)
    throw new Unusable(`${documents.length} documents: an archive holds ${maxContainers}; ask for each by its id`)
  const members = consultationMembers(hub, createSealTokens(hub), { consultation, documents })
  await pipeline(Readable.from(zipChunks(members), { objectMode: false }), createWriteStream(file))
}
