import { erase } from '@socle/gateway'
import type { Problem } from '@socle/schemas'
import { expect, test } from 'vitest'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub } from '../support/hub.ts'
import { join, problemIn } from './party.ts'

test('who asks for an erased refusal is not sent where nothing is', async () => {
  await using hub = await startHub()
  const sender = await join(hub, 'profil-a', { buyers: [buyerSiret] })
  const refused = problemIn(await sender.deposit('award', anAward().replace('"objet"', '"sujet"')))
  const accepted = await sender.sent('award', anAward())
  const id = refused.receipt?.id ?? ''
  await erase(hub.hub, { documents: [id, accepted.id], decision: '2026-17' })
  const advice: string[] = []
  for (const [one, evidence] of [
    [id, 404],
    [accepted.id, 200],
  ] as const) {
    const answer = await sender.ask(`/v1/documents/${one}/receipt`)
    expect(answer.status).toBe(410)
    expect((await sender.ask(`/v1/documents/${one}/evidence`)).status).toBe(evidence)
    advice.push(JSON.stringify(answer.json<Problem>()))
  }
  for (const text of advice) {
    expect(text).toContain('/evidence la donne pour un document accepté')
    expect(text).toContain('of a refusal the exported log alone shows it')
  }
})
