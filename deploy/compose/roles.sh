#!/bin/sh
# Run once by the PostgreSQL image on an empty data directory; by hand elsewhere, as a superuser (runbooks/start.md).
# Three roles: the owner makes the schema (`socle migrate`), the hub may only append to the ledger, the reader looks.
# The rights themselves are given by `socle migrate`.
set -eu
psql -v ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname "${POSTGRES_DB:-socle}" \
  -v owner="$SOCLE_OWNER_PASSWORD" -v hub="$SOCLE_HUB_PASSWORD" -v reader="$SOCLE_READER_PASSWORD" \
  -v database="${POSTGRES_DB:-socle}" <<'SQL'
create role socle_owner login password :'owner';
create role socle_hub login password :'hub';
create role socle_reader login password :'reader';
alter database :"database" owner to socle_owner;
revoke all on database :"database" from public;
grant connect on database :"database" to socle_hub, socle_reader;
alter schema public owner to socle_owner;
revoke create on schema public from public;
grant usage on schema public to socle_hub, socle_reader;
SQL
