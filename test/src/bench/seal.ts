import { createHash, sign } from 'node:crypto'
import { makeAuthority, makeIdentity, prepareSeal } from '@socle/gateway'

/** Seals in a turn of the clock look: reading it after each would be a part of what is measured. */
const atOnce = 50

/**
 * What a seal costs beside the one thing that cannot be spared, an ECDSA P-256 signature of node:crypto over as many
 * bytes, in one run on one core.
 */
export async function benchSeal(seconds: number): Promise<void> {
  const validity = { from: new Date('2026-01-01T00:00:00Z'), to: new Date('2036-01-01T00:00:00Z') }
  const subject = (name: string): { organisation: string; name: string } => ({ organisation: 'Mesure', name })
  const authority = makeAuthority(subject('Autorité'), validity)
  const { privateKey, certificate } = makeIdentity(authority, 'seal', subject('Cachet'), validity)
  const sealer = prepareSeal(privateKey, certificate)
  const digest = createHash('sha256').update('manifest').digest()
  const at = new Date()
  const bytes = (await sealer.seal(digest, at)).length
  // As long as the attributes that a seal signs.
  const attributes = Buffer.alloc(180, 1)
  // In turns, so that a machine that slows down slows both.
  const total = { bare: 0, seals: 0 }
  for (const _ of [1, 2, 3, 4]) {
    total.bare += await rate(seconds / 4, async () => await Promise.resolve(sign('sha256', attributes, privateKey)))
    total.seals += await rate(seconds / 4, async () => await sealer.seal(digest, at))
  }
  const [bare, seals] = [total.bare / 4, total.seals / 4]
  process.stdout.write('\nseal                                     bytes     sign/s     seal/s   ratio\n')
  process.stdout.write(
    `CAdES-B, ECDSA P-256                 ${String(bytes).padStart(10)} ${bare.toFixed(0).padStart(10)} ${seals.toFixed(0).padStart(10)} ${(seals / bare).toFixed(2).padStart(7)}\n`,
  )
}

async function rate(seconds: number, work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  let count = 0
  while (performance.now() - start < seconds * 1_000) {
    for (let i = 0; i < atOnce; i++) await work()
    count += atOnce
  }
  return (count * 1_000) / (performance.now() - start)
}
