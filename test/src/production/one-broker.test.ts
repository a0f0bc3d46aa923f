import { brokerKilled, brokerSlow, produceAnswersLost } from './scenarios/broker.ts'
import { clocksWrong } from './scenarios/clocks.ts'
import { crashPoints } from './scenarios/crash-points.ts'
import { exhausted } from './scenarios/exhausted.ts'
import { crowd, killed, rolled, zombie } from './scenarios/gateways.ts'
import { crowdedOut } from './scenarios/overload.ts'
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
  clocksWrong,
  crowdedOut,
  exhausted,
])
