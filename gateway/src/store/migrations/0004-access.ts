/**
 * Access without a shared secret: public keys of accounts, assertions already used (each counts once, so that is kept
 * here and not in a cache), and whether an account must present its certificate.
 */
export function accessTables(): readonly string[] {
  return [
    "alter table accounts add column certificate text not null default ''",
    'create table client_keys (account text not null, kid text not null, jwk text not null, created_at text not null, primary key (account, kid))',
    'create table client_assertions (account text not null, jti text not null, expires_at text not null, primary key (account, jti))',
    'create index client_assertions_by_end on client_assertions (expires_at)',
  ]
}
