import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { formatGrowth, type NoteVerifier } from '@socle/schemas'
import type { Witness, WitnessAnswer } from '../record/witness.ts'
import { readAnswerBytes } from './answer-bytes.ts'

/** Sixteen signature lines have a tenth of it. */
const maxAnswerBytes = 16_384
const maxLines = 64

export interface HttpWitnessSettings {
  /** Submission prefix; http or https; may carry the name and password of an account. */
  readonly url: string
  readonly vkey: string
  readonly key: NoteVerifier
  /** From the first byte sent to the last one received. */
  readonly timeoutMs: number
}

/**
 * A witness over HTTP (C2SP tlog-witness). Whatever comes back is hostile until `judgeCosignature` has looked at it. Follows
 * no redirect and reads no byte beyond 16 KiB.
 */
export function createHttpWitness({ url, vkey, key, timeoutMs }: HttpWitnessSettings): Witness {
  return {
    id: vkey.split('+', 2).join('+'),
    key,
    async show({ old, proof, note }, signal) {
      const body = Buffer.from(formatGrowth({ oldSize: old, proof, checkpoint: note }))
      const late = AbortSignal.timeout(timeoutMs)
      try {
        return await post(`${url}/add-checkpoint`, body, AbortSignal.any([late, signal]))
      } catch (error) {
        if (late.aborted) throw new Error(`no whole answer within ${timeoutMs} ms`, { cause: error })
        throw error
      }
    },
  }
}

async function post(url: string, body: Buffer, signal: AbortSignal): Promise<WitnessAnswer> {
  const send = new URL(url).protocol === 'https:' ? requestHttps : requestHttp
  const headers = { 'content-type': 'application/octet-stream', 'content-length': body.length }
  return await new Promise<WitnessAnswer>((resolve, reject) => {
    const sent = send(url, { method: 'POST', agent: false, signal, headers }, (answer) => {
      readAnswer(answer).then(resolve, (error: unknown) => {
        sent.destroy()
        reject(error)
      })
    })
    sent.once('error', reject)
    sent.end(body)
  })
}

/** Statuses of the specification, in words for whoever has to act. */
const reasons: Readonly<Record<number, string>> = {
  400: 'HTTP 400: the witness cannot read what it was shown',
  403: 'HTTP 403: the witness knows no key that signed the checkpoint: have log.vkey registered there',
  404: 'HTTP 404: the witness does not know this log: have its origin and log.vkey registered there',
}

async function readAnswer(answer: IncomingMessage): Promise<WitnessAnswer> {
  const { statusCode = 0, headers } = answer
  if (statusCode === 422) return { said: 'refused' }
  if (statusCode !== 200 && statusCode !== 409) throw new Error(reasons[statusCode] ?? `HTTP ${statusCode}`)
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase()
  if (statusCode === 409 && type !== 'text/x.tlog.size') throw new Error('HTTP 409 without a text/x.tlog.size')
  const text = new TextDecoder('utf-8', { fatal: true }).decode(await readAnswerBytes(answer, maxAnswerBytes))
  return statusCode === 409 ? { said: 'conflict', size: sizeIn(text) } : { said: 'cosigned', lines: linesIn(text) }
}

/** A decimal number and a newline, which some witnesses leave out. */
function sizeIn(text: string): number {
  const size = /^(0|[1-9]\d{0,15})\n?$/.exec(text)?.[1]
  if (size === undefined || !Number.isSafeInteger(Number(size))) throw new Error('HTTP 409 without a size')
  return Number(size)
}

function linesIn(text: string): readonly string[] {
  const lines = text.split('\n')
  if (lines.pop() !== '' || lines.length === 0) throw new Error('the answer does not end with a newline')
  if (lines.length > maxLines) throw new Error(`the answer has more than ${maxLines} lines`)
  return lines
}
