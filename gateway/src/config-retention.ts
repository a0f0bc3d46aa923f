import { type Kind, kinds } from '@socle/schemas'
import { type Env, list } from './config-values.ts'

/** Days after a consultation's newest document in which documents of a kind are kept; a kind without any: for ever. */
export type Retention = Readonly<Partial<Record<Kind, number>>>

const mostDays = 36_500

/** `HUB_RETENTION`: `notice=3650,award=3650`. Nothing is erased by it: `socle retain` reads it. */
export function retentionOf(env: Env, problems: string[]): Retention {
  const retention: Partial<Record<Kind, number>> = {}
  for (const word of list(env, 'HUB_RETENTION')) {
    const [name = '', text = ''] = word.split('=')
    const kind = kinds.find((one) => one === name)
    const days = Number(text)
    if (kind && /^\d+$/.test(text) && days > 0 && days <= mostDays) retention[kind] = days
    else problems.push(`HUB_RETENTION must be kinds with days, like notice=3650,award=3650 (${kinds.join(', ')})`)
  }
  return retention
}
