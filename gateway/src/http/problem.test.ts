import Fastify from 'fastify'
import { expect, test } from 'vitest'
import { readConfig } from '../config.ts'
import { installProblems } from './problem.ts'

test.each([
  ['EMFILE', 503, 'OVERLOADED'],
  ['ERR_WORKER_INIT_FAILED', 503, 'OVERLOADED'],
  ['ENFILE', 503, 'OVERLOADED'],
  ['EACCES', 500, 'INTERNAL'],
])('%s is answered %i %s, and told to operators', async (code, status, expected) => {
  const told: string[] = []
  const app = Fastify()
  installProblems(app, readConfig({}), { failed: (what: string) => told.push(what) } as never)
  app.get('/', () => {
    throw Object.assign(new Error('open'), { code })
  })
  const answer = await app.inject('/')
  expect([answer.statusCode, answer.json<{ code: string }>().code, told]).toEqual([status, expected, ['request']])
  expect(answer.headers['retry-after']).toBe(status === 503 ? '2' : undefined)
  await app.close()
})
