import type { Environment, Problem } from '@socle/schemas'
import { HubClientError, type HubClientErrorCode } from './hub-client-error.ts'
import type { Answer } from './transport.ts'

export type Json = Readonly<Record<string, unknown>>

/** @throws HubClientError ANSWER_INVALID: the body is not a JSON object */
export function readObject(answer: Answer): Json {
  const value = parse(answer.bytes)
  if (!isObject(value)) throw new HubClientError('ANSWER_INVALID', { status: answer.status, reason: 'no JSON object' })
  return value
}

/** Undefined when the answer is not one of the hub's problems (RFC 9457): a proxy spoke, or another server. */
export function readProblem(answer: Answer): Problem | undefined {
  const value = parse(answer.bytes)
  if (!isObject(value)) return undefined
  const { code, title, environment } = value
  if (typeof code !== 'string' || typeof title !== 'string' || !isEnvironment(environment)) return undefined
  return value as unknown as Problem
}

/** The error that an unexpected answer stands for. */
export function errorOf(answer: Answer): HubClientError {
  const { status } = answer
  const problem = readProblem(answer)
  if (!problem) return new HubClientError('ANSWER_INVALID', { status, reason: 'no problem+json of a hub' })
  return new HubClientError(byProblem[problem.code] ?? byStatus[status] ?? 'REQUEST_REFUSED', { status, problem })
}

const byProblem: Readonly<Record<string, HubClientErrorCode>> = {
  KEY_REUSED: 'KEY_REUSED',
  CURSOR_FUTURE: 'FUTURE_CURSOR',
  CURSOR_OUTDATED: 'OUTDATED_CURSOR',
  ROUTE_NOT_FOUND: 'ANSWER_INVALID',
}

const byStatus: Readonly<Record<number, HubClientErrorCode>> = {
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
}

/** @throws HubClientError ANSWER_INVALID naming the member */
export function textOf(object: Json, name: string): string {
  const value = object[name]
  if (typeof value !== 'string') throw new HubClientError('ANSWER_INVALID', { reason: `${name} is not a text` })
  return value
}

/** @throws HubClientError ANSWER_INVALID naming the member */
export function countOf(object: Json, name: string): number {
  const value = object[name]
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw new HubClientError('ANSWER_INVALID', { reason: `${name} is not a count` })
  return value
}

/** @throws HubClientError ANSWER_INVALID naming the member */
export function objectOf(object: Json, name: string): Json {
  const value = object[name]
  if (!isObject(value)) throw new HubClientError('ANSWER_INVALID', { reason: `${name} is not an object` })
  return value
}

/** @throws HubClientError ANSWER_INVALID naming the member */
export function listOf(object: Json, name: string): readonly Json[] {
  const value: unknown = object[name]
  if (!Array.isArray(value) || !value.every(isObject))
    throw new HubClientError('ANSWER_INVALID', { reason: `${name} is not a list of objects` })
  return value
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isEnvironment(value: unknown): value is Environment {
  return value === 'sandbox' || value === 'production'
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return undefined
  }
}
