import { minorOf } from '@socle/mappings'
import { type Rule, type RuleId, rules } from '@socle/schemas'
import type { FastifyInstance } from 'fastify'
import { HubError } from '../errors.ts'
import type { Hub } from '../hub.ts'
import { describe } from '../http/openapi.ts'
import { packsOfThread } from '../packs/of-thread.ts'
import { examplesOf, ruleExamples } from './examples.ts'
import { catalogueStyle, cataloguePage } from './page.ts'

/** Longest example shown in an answer; the others are in the contract's folder. */
const longestShown = 20_000

/** The rule catalogue, for machines (`/v1/rules`) and for people (`/rules`). Open to all: a refusal must be understood. */
export function ruleRoutes(app: FastifyInstance, hub: Pick<Hub, 'config'>): void {
  app.get('/v1/rules', { schema: describe('rules') }, async () => ({
    rules: Object.values(rules),
    packs: packsOfThread(hub.config.packsDirectory).installed.map(({ name, version, sha256, origin }) => ({
      name,
      version,
      sha256,
      origin,
    })),
  }))
  app.get('/v1/rules/:id', { schema: describe('rule') }, async (request) => {
    const { id } = request.params as { readonly id: string }
    const own = Object.hasOwn(rules, id) ? rules[id as RuleId] : undefined
    const found = own === undefined ? officialRule(hub, id) : withExamples(own)
    if (found === undefined) throw new HubError('RULE_NOT_FOUND')
    return found
  })
  app.get('/rules', { schema: { hide: true } }, async (_request, reply) => {
    reply.header('content-security-policy', `default-src 'none'; style-src '${catalogueStyle.integrity}'`)
    return await reply.type('text/html; charset=utf-8').send(page())
  })
}

/** A rule of an official pack, by the id its publisher gave: texts in the newest pack that has it. */
function officialRule({ config }: Pick<Hub, 'config'>, id: string): object | undefined {
  const packs = packsOfThread(config.packsDirectory)
  for (const { name, version } of packs.installed.toReversed()) {
    if (name !== 'eforms-sdk') continue
    const texts = packs.sdk(minorOf(version))?.texts
    const en = texts?.textOf(id, 'en')
    if (en !== undefined) {
      return {
        id,
        formats: ['eforms'],
        message: { fr: texts?.textOf(id, 'fr') ?? en, en },
        source: `SDK eForms ${version}`,
      }
    }
  }
  return undefined
}

function withExamples(rule: Rule): object {
  const examples = examplesOf(rule.id).map(({ name, passes, bytes }) => ({
    name,
    passes,
    ...(bytes.length > longestShown ? {} : { document: new TextDecoder().decode(bytes) }),
  }))
  return { ...rule, examples }
}

let made: string | undefined

/** Made once: the catalogue and its examples only change with the programs. */
function page(): string {
  made ??= cataloguePage(Object.values(rules), ruleExamples())
  return made
}
