import { clusterFaults } from './scenarios/brokers.ts'
import { playAll } from './suite.ts'

playAll(3, [clusterFaults])
