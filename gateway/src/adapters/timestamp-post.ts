import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as requestHttps } from 'node:https'
import { rootCertificates } from 'node:tls'
import { readAnswerBytes } from './answer-bytes.ts'

/** A token with a long chain has a tenth of it. */
const maxAnswerBytes = 65_536

export interface PostSettings {
  readonly url: string
  /** From the first byte sent to the last one received. */
  readonly timeoutMs: number
  /** PEM, beside the authorities that Node knows. */
  readonly tlsCa?: string
  readonly stopping: AbortSignal
}

/**
 * Posts a timestamp query (RFC 3161 section 3.4) on a connection of its own. Follows no redirect, and reads no byte
 * beyond 64 KiB.
 * @throws Error that says why there is no answer: HTTP status, media type, size, time, connection
 */
export async function postTimestampQuery(settings: PostSettings, query: Uint8Array): Promise<Buffer> {
  const { url, timeoutMs, tlsCa, stopping } = settings
  const isTls = new URL(url).protocol === 'https:'
  const late = AbortSignal.timeout(timeoutMs)
  const options: RequestOptions & { ca?: readonly string[] } = {
    method: 'POST',
    agent: false,
    signal: AbortSignal.any([late, stopping]),
    headers: {
      'content-type': 'application/timestamp-query',
      accept: 'application/timestamp-reply',
      'content-length': query.length,
    },
    ...(tlsCa === undefined ? {} : { ca: [...rootCertificates, tlsCa] }),
  }
  try {
    return await new Promise<Buffer>((resolve, reject) => {
      const sent = (isTls ? requestHttps : requestHttp)(url, options as RequestOptions, (answer) => {
        readAnswer(answer).then(resolve, (error: unknown) => {
          sent.destroy()
          reject(error)
        })
      })
      sent.once('error', reject)
      sent.end(query)
    })
  } catch (error) {
    if (late.aborted) throw new Error(`no whole answer within ${timeoutMs} ms`, { cause: error })
    throw error
  }
}

async function readAnswer(answer: IncomingMessage): Promise<Buffer> {
  const { statusCode = 0, headers } = answer
  if (statusCode !== 200) throw new Error(`HTTP ${statusCode}`)
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/timestamp-reply') throw new Error('the answer is no application/timestamp-reply')
  return await readAnswerBytes(answer, maxAnswerBytes)
}
