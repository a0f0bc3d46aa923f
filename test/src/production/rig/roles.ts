import type { PostgresServer } from '../../servers/postgres.ts'

/** As in production: the owner of the schema brings it up to date, the hub's own role cannot. */
export const roles = { owner: 'socle_owner', hub: 'socle_hub' }

export async function createRoles(postgres: PostgresServer): Promise<void> {
  await postgres.query(`create role ${roles.owner} login; create role ${roles.hub} login`)
}

/** A new database of the owner. @returns its name */
export async function createOwnedDatabase(postgres: PostgresServer): Promise<string> {
  const database = new URL(await postgres.createDatabase()).pathname.slice(1)
  await postgres.query(`alter database ${database} owner to ${roles.owner}`)
  return database
}
