import { brokerKilled, brokerSlow, produceAnswersLost } from './scenarios/broker.ts'
import { crashPoints } from './scenarios/crash-points.ts'
import { crowd, killed, rolled, zombie } from './scenarios/gateways.ts'
import { answersLost, cacheGone, storeKilled } from './scenarios/store.ts'
import { playAll } from './suite.ts'

playAll(1, [
  killed,
  crashPoints,
  zombie,
  crowd,
  rolled,
  storeKilled,
  answersLost,
  cacheGone,
  brokerKilled,
  produceAnswersLost,
  brokerSlow,
])
