import { leaseContract } from './lease-contract.ts'
import { newSqlitePlace } from './sqlite-place.ts'
import { storeContract } from './store-contract.ts'

storeContract('SQLite', newSqlitePlace)
leaseContract('SQLite', newSqlitePlace)
