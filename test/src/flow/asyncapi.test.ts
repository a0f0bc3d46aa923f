import { asyncApi } from '@socle/schemas'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startHub, type TestHub } from '../support/hub.ts'
import { ask } from './party.ts'

let hub: TestHub
beforeAll(async () => {
  hub = await startHub()
})
afterAll(async () => await hub[Symbol.asyncDispose]())

test('/asyncapi.json gives the whole document of the topics to whoever asks, without a token', async () => {
  const answer = await ask(hub, '/asyncapi.json')
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
  expect(answer.json()).toEqual(asyncApi)
  expect(answer.json()).toMatchObject({ asyncapi: '3.0.0' })
})
