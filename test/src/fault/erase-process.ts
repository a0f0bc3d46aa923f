import { erase, type LedgerStep, readConfig, wire } from '@socle/gateway'

/** Erases the documents named and dies at the step it is told: `step directory id…`. */
const [step = '', directory = '', ...documents] = process.argv.slice(2)
const hub = await wire(readConfig({ HUB_DATA: directory, HUB_LOG_LEVEL: 'silent' }), {
  killAt: step as LedgerStep | 'committed',
})
await erase(hub, { documents, decision: '2026-17' })
await hub.close()
