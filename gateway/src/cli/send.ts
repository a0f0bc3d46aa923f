import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { examine } from '@socle/mappings'
import { parseTrust, type Trust, verifyReceipt } from '@socle/schemas'
import type { Command } from 'commander'
import { request } from 'undici'
import { exitCodes, Unusable } from './exit.ts'

interface SendOptions {
  readonly to: string
  readonly key?: string
  readonly buyer?: string
  readonly consultation?: string
  readonly receipt?: string
}

export function sendCommand(program: Command): void {
  program
    .command('send')
    .argument('<file>')
    .requiredOption('--to <url>', 'address of the hub')
    .option('--key <text>', "idempotency key (default: made from the file's bytes, buyer and consultation)")
    .option('--buyer <siret>', 'buyer, when the document carries none')
    .option('--consultation <id>', 'consultation, when the document carries none')
    .option('--receipt <file>', 'where to keep the receipt (default: FILE.receipt.json)')
    .description('submit a file, keep the receipt, prove it; account in SOCLE_CLIENT_ID and SOCLE_CLIENT_SECRET')
    .action(async (file: string, options: SendOptions) => {
      process.exitCode = await send(file, options)
    })
}

const renewed =
  'Pour redéposer le même fichier après un changement de règle, donnez --key. / To send the same file again after a rule has changed, give --key.'

async function send(file: string, options: SendOptions): Promise<number> {
  const bytes = readDocument(file)
  const { kind } = examine(bytes, { now: new Date(), packs: 'none' })
  if (!kind) throw new Unusable(`${file}: not a document the hub reads; see \`socle validate\``)
  const hub = options.to.replace(/\/+$/, '')
  const answer = await request(`${hub}/v1/${kind}s`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await fetchToken(hub)}`,
      'content-type': kind === 'award' ? 'application/json' : 'application/xml',
      'idempotency-key': options.key ?? keyOf(bytes, options),
      ...(options.buyer === undefined ? {} : { 'hub-buyer': options.buyer }),
      ...(options.consultation === undefined ? {} : { 'hub-consultation': options.consultation }),
    },
    body: bytes,
  })
  const body = (await answer.body.json()) as { readonly receipt?: unknown }
  if (answer.statusCode !== 200 && answer.statusCode !== 201) {
    if (answer.statusCode === 422 && options.key === undefined) process.stderr.write(`${renewed}\n`)
    process.stderr.write(`${JSON.stringify({ ...body, receipt: undefined }, undefined, 2)}\n`)
    if (body.receipt !== undefined) keep(options.receipt ?? `${file}.refusal.json`, body.receipt)
    return exitCodes.failed
  }
  keep(options.receipt ?? `${file}.receipt.json`, body)
  return report(body, bytes, await fetchTrust(hub))
}

function readDocument(file: string): Uint8Array {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new Unusable(error instanceof Error ? error.message : String(error))
  }
}

/** The same deposit sent again has the same key, so a repetition is harmless; another buyer or consultation is another deposit. */
function keyOf(bytes: Uint8Array, { buyer = '', consultation = '' }: SendOptions): string {
  return createHash('sha256').update(`${buyer}\0${consultation}\0`).update(bytes).digest('hex')
}

function report(receipt: unknown, content: Uint8Array, trust: Trust): number {
  const { verdict, checks } = verifyReceipt(receipt, { trust, content })
  for (const check of checks)
    process.stdout.write(`${check.result.padEnd(11)} ${check.message.fr} / ${check.message.en}\n`)
  return verdict === 'proved' ? exitCodes.done : exitCodes.failed
}

function keep(file: string, receipt: unknown): void {
  writeFileSync(file, `${JSON.stringify(receipt, undefined, 2)}\n`)
  process.stdout.write(`${file}\n`)
}

async function fetchToken(hub: string): Promise<string> {
  const id = process.env['SOCLE_CLIENT_ID']
  const secret = process.env['SOCLE_CLIENT_SECRET']
  if (id === undefined || secret === undefined) throw new Unusable('set SOCLE_CLIENT_ID and SOCLE_CLIENT_SECRET')
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: id,
    client_secret: secret,
  }).toString()
  const answer = await request(`${hub}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body,
  })
  const token = ((await answer.body.json()) as { readonly access_token?: string }).access_token
  if (token === undefined) throw new Unusable(`${hub} gave no token to ${id}`)
  return token
}

/** First use: the hub says which keys it uses. An auditor compares them with those published elsewhere. */
async function fetchTrust(hub: string): Promise<Trust> {
  const text = async (path: string): Promise<string> => await (await request(`${hub}/log/${path}`)).body.text()
  return parseTrust({
    logVkey: await text('log.vkey'),
    sealCa: await text('seal-ca.pem'),
    tsaCa: await text('tsa-ca.pem'),
  })
}
