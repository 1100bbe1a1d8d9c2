#!/bin/sh
# Make the roles of a ledger on a new PostgreSQL server; compose.yaml has the server run it once.
#
# `tally_owner` owns the ledger and nobody works under it; `desk` appends by tally's functions alone,
# once `tally init --grant desk --checkpoints` was run. Their passwords are files: see compose.yaml.
set -eu
secrets=${SECRETS:-/run/secrets}
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<SQL
\\set owner \`cat $secrets/owner_password\`
\\set desk \`cat $secrets/desk_password\`
CREATE ROLE tally_owner LOGIN NOSUPERUSER PASSWORD :'owner';
CREATE ROLE desk LOGIN NOSUPERUSER PASSWORD :'desk';
REVOKE ALL ON DATABASE "$POSTGRES_DB" FROM PUBLIC;
GRANT CONNECT, CREATE ON DATABASE "$POSTGRES_DB" TO tally_owner;
GRANT CONNECT ON DATABASE "$POSTGRES_DB" TO desk;
SQL
