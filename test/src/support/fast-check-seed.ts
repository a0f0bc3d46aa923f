import { configureGlobal } from 'fast-check'
import { chosenSeed } from './seed.ts'

/** Properties draw their cases as the other suites do; a failure prints seed and path to run it again. */
configureGlobal({ seed: chosenSeed() })
