import { rolledBack } from './scenarios/rollback.ts'
import { bytesFlipped, rowsDeleted } from './scenarios/tampering.ts'
import { playAll } from './suite.ts'

playAll(1, [bytesFlipped, rowsDeleted, rolledBack])
