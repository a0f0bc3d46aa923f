import { type Import, importAt, isTest } from './sources.ts'

/** What an import must not do, why, and one that would: the suite asks each rule to refuse it. */
export interface ImportRule {
  readonly name: string
  readonly because: string
  readonly planted: Import
  breaks(found: Import): boolean
}

const inside = (path: string, ...folders: readonly string[]): boolean =>
  folders.some((folder) => path === folder || path.startsWith(`${folder}/`))
const workspaceOf = (path: string): string => path.split('/')[0] ?? ''

/** A package that only some files may use: a fault or a change of it then has one address. */
function onlyIn(packages: readonly string[], places: readonly string[], because: string): ImportRule {
  const [first = ''] = packages
  return {
    name: `${packages.join(', ')} only in ${places.join(', ')}`,
    because,
    planted: importAt('gateway/src/deliver/feed.ts', first),
    breaks: ({ from, specifier }) =>
      !isTest(from) &&
      packages.some((name) => specifier === name || specifier.startsWith(`${name}/`)) &&
      !inside(from, ...places),
  }
}

const ours =
  (...allowed: readonly string[]) =>
  (specifier: string): boolean =>
    specifier.startsWith('@socle/') && !allowed.some((name) => specifier === `@socle/${name}`)

function workspaceRule(workspace: string, allowed: readonly string[], because: string): ImportRule {
  const foreign = ours(...allowed)
  return {
    name: `${workspace} imports ${allowed.length === 0 ? 'nothing' : `only ${allowed.join(' and ')}`} of ours`,
    because,
    planted: importAt(`${workspace}/src/index.ts`, workspace === 'gateway' ? '@socle/connectors' : '@socle/gateway'),
    breaks: ({ from, specifier }) => inside(from, `${workspace}/src`) && foreign(specifier),
  }
}

const mayRead = ['@socle/schemas', 'ajv', 'ajv/dist/2020.js', 'libxml2-wasm', 'node:buffer', 'node:zlib']

/**
 * Code that a folder of the hub may call in another one. Shapes (`import type`) are not calls: a deposit names the
 * caller and the incoming document. What is not here meets in `flow.ts`, or moves down to what both use.
 */
export const calls: Readonly<Record<string, readonly string[]>> = {
  receive: ['authenticate', 'directory', 'http', 'store'],
  authenticate: ['directory', 'http', 'store'],
  validate: ['packs'],
  map: [],
  record: ['keys', 'store'],
  publish: ['store'],
  deliver: ['authenticate', 'http', 'publish', 'record', 'store'],
  trace: ['audit', 'authenticate', 'http', 'packs', 'publish', 'record', 'store'],
  directory: ['record', 'store'],
  audit: [],
  keys: [],
  store: [],
  http: [],
  adapters: ['keys', 'publish', 'record', 'store'],
  packs: [],
  rules: ['http', 'map', 'packs'],
  migrate: ['store'],
  page: ['audit'],
  cli: ['adapters', 'audit', 'directory', 'keys', 'migrate', 'packs', 'publish', 'record', 'rules', 'store', 'trace'],
}

const folderOf = (path: string | undefined): string | undefined => /^gateway\/src\/([a-z]+)\//.exec(path ?? '')?.[1]

const stepRule: ImportRule = {
  name: 'the folders of the hub call one another only downhill, as written in `calls`',
  because: 'steps that know each other cannot be read, tested or replaced one at a time: they meet in flow.ts',
  planted: importAt('gateway/src/publish/relay.ts', '../deliver/webhook.ts'),
  breaks({ from, target, kind }) {
    const [caller, called] = [folderOf(from), folderOf(target)]
    if (isTest(from) || kind === 'type' || caller === undefined || called === undefined || caller === called)
      return false
    return !(calls[caller] ?? []).includes(called)
  },
}

const mayPick = ['wire.ts', 'index.ts', 'cli/topics.ts', 'cli/migrate.ts'].map((path) => `gateway/src/${path}`)

const adapterRule: ImportRule = {
  name: 'only wire.ts picks adapters, only index.ts gives them away; socle topics and migrate are about theirs',
  because: 'whatever else imports a driver can no longer run on the other one',
  planted: importAt('gateway/src/record/ledger.ts', '../adapters/store-sqlite.ts'),
  breaks: ({ from, target }) =>
    !isTest(from) && inside(target ?? '', 'gateway/src/adapters') && !inside(from, 'gateway/src/adapters', ...mayPick),
}

const flowRule: ImportRule = {
  name: 'flow.ts is started by the deposit routes and the server alone',
  because: 'it stands above the steps: a step that imports it closes a circle',
  planted: importAt('gateway/src/record/record.ts', '../flow.ts'),
  breaks: ({ from, target }) =>
    target === 'gateway/src/flow.ts' &&
    !inside(from, 'gateway/src/receive/routes.ts', 'gateway/src/receive/bulk.ts', 'gateway/src/serve.ts'),
}

const auditRule: ImportRule = {
  name: 'audit imports the contract, node and the zip readers alone',
  because: 'a verifier that nobody needs to trust must be small enough to be read whole, and must not need the hub',
  planted: importAt('gateway/src/audit/verify.ts', '../store/database.ts'),
  breaks: ({ from, specifier, target }) =>
    !isTest(from) &&
    inside(from, 'gateway/src/audit') &&
    !(target === undefined
      ? /^(?:node:|@socle\/schemas$|yazl$|yauzl$)/.test(specifier)
      : inside(target, 'gateway/src/audit')),
}

const pageParts = [
  /^node:crypto$/,
  /^@socle\/schemas$/,
  /^@noble\//,
  /^buffer\/index\.js$/,
  /^node-forge\/lib\/asn1\.js$/,
]

const pageRule: ImportRule = {
  name: 'the page is made of the verifier, the contract and portable packages alone',
  because: 'what a browser runs must be what the command runs, and small enough to be read',
  planted: importAt('gateway/src/page/verify-files.ts', '../store/database.ts'),
  breaks: ({ from, specifier, target }) =>
    !isTest(from) &&
    inside(from, 'gateway/src/page') &&
    from !== 'gateway/src/page/verify-route.ts' &&
    !(target === undefined
      ? pageParts.some((part) => part.test(specifier))
      : inside(target, 'gateway/src/page', 'gateway/src/audit')),
}

const pageAloneRule: ImportRule = {
  name: 'the hub serves the page and runs none of it',
  because: 'its digests and signatures are for browsers: the hub has those of node:crypto',
  planted: importAt('gateway/src/audit/zip-reader.ts', '../page/shims/zlib.ts'),
  breaks: ({ from, target }) =>
    target !== undefined &&
    inside(target, 'gateway/src/page') &&
    !inside(from, 'gateway/src/page') &&
    !(from === 'gateway/src/app.ts' && target === 'gateway/src/page/verify-route.ts'),
}

const pureRule: ImportRule = {
  name: 'mappings read nothing but what they are given',
  because: 'the same bytes must give the same judgement in the hub, on the command line and in a connector',
  planted: importAt('mappings/src/examine.ts', 'node:fs'),
  breaks: ({ from, specifier, target }) =>
    inside(from, 'mappings/src') && !isTest(from) && target === undefined && !mayRead.includes(specifier),
}

const checkerRule: ImportRule = {
  name: 'the checker of production runs has no code of the hub',
  because: 'whoever judges the hub must not share its faults: the published verifier alone is common',
  planted: importAt('test/src/production/check/judge.ts', '@socle/gateway'),
  breaks: ({ from, specifier, target }) =>
    inside(from, 'test/src/production/check') &&
    !(target === undefined
      ? /^(?:node:|@socle\/schemas$)/.test(specifier)
      : inside(target, 'test/src/production/check', 'test/src/support/rebuilt-tree.ts')),
}

const insideRule: ImportRule = {
  name: 'no relative import leaves its workspace',
  because: 'what a workspace gives stands in its index; the rest may change',
  planted: importAt('test/src/flow/party.ts', '../../../gateway/src/hub.ts'),
  breaks: ({ from, target }) => target !== undefined && workspaceOf(target) !== workspaceOf(from),
}

const testToolRule: ImportRule = {
  name: 'the program does not need the tools of its tests',
  because: 'what runs in production is installed without them',
  planted: importAt('gateway/src/ids.ts', 'vitest'),
  breaks: ({ from, specifier }) => !isTest(from) && /^(?:vitest|fast-check|@socle\/test)$/.test(specifier),
}

export const importRules: readonly ImportRule[] = [
  workspaceRule(
    'schemas',
    [],
    'the contract stands on its own: whoever implements it elsewhere has nothing else of ours',
  ),
  workspaceRule('mappings', ['schemas'], 'translation is pure and serves hub, connectors and command line alike'),
  workspaceRule(
    'connectors',
    ['schemas', 'mappings'],
    'a connector runs at an editor’s: it talks to the hub, it does not contain it',
  ),
  workspaceRule('gateway', ['schemas', 'mappings'], 'the hub must not know who talks to it'),
  pureRule,
  checkerRule,
  insideRule,
  stepRule,
  adapterRule,
  flowRule,
  auditRule,
  pageRule,
  pageAloneRule,
  testToolRule,
  onlyIn(['libxml2-wasm'], ['mappings/src/xml'], 'memory that must be freed by hand is owned in one place'),
  onlyIn(
    ['node-forge'],
    [
      'gateway/src/keys/der-build.ts',
      'gateway/src/keys/pkcs12.ts',
      'gateway/src/page/shims/forge.ts',
      'schemas/src/proof/der.ts',
    ],
    'it builds and walks DER, and derives the keys of PKCS#12, which node:crypto lacks; every signature, digest and verification is of node:crypto',
  ),
  onlyIn(
    ['@noble/curves', '@noble/hashes', 'buffer'],
    ['gateway/src/page/shims'],
    'portable code in the place of Node’s own, where there is no Node',
  ),
  onlyIn(['jose'], ['gateway/src/authenticate'], 'one folder decides what a valid token or assertion is'),
  onlyIn(['@photostructure/sqlite'], ['gateway/src/adapters'], 'one driver a file, behind the Store port'),
  onlyIn(['pg', 'ioredis'], ['gateway/src/adapters'], 'a driver is an adapter: the hub knows the port only'),
  onlyIn(
    ['kafkajs'],
    ['gateway/src/adapters', 'connectors/src/kafka/kafka-source.ts'],
    'a driver is an adapter; a consumer has one file that talks to brokers, and the rest runs without any',
  ),
  onlyIn(['kysely'], ['gateway/src/store', 'gateway/src/adapters', 'gateway/src/record'], 'SQL is written in store/'),
  onlyIn(
    ['piscina'],
    ['gateway/src/validate', 'gateway/src/cli/validate-stream.ts'],
    'one pool of threads in the hub, for documents; one in the command, for files too large for one',
  ),
  onlyIn(['prom-client'], ['gateway/src/events.ts'], 'one event, one counter, one log line'),
  onlyIn(['pino'], ['gateway/src/events.ts', 'gateway/src/wire.ts'], 'what is logged is decided in events.ts'),
  onlyIn(['commander'], ['gateway/src/cli'], 'the command line is one face of the hub among others'),
  onlyIn(
    ['undici'],
    ['gateway/src/deliver/webhook.ts', 'gateway/src/cli/send.ts', 'connectors/src'],
    'the hub calls out to webhooks alone: one file to guard against being led inside',
  ),
]
