#!/bin/sh
# Start a command in the container with the password that a secret's file holds.
#
# PostgreSQL's library reads PGPASSWORD; a file keeps it out of the image, of compose.yaml and of
# what `docker inspect` shows.
set -eu
if [ -n "${PGPASSWORD_FILE:-}" ]; then
    PGPASSWORD=$(cat "$PGPASSWORD_FILE")
    export PGPASSWORD
fi
exec "$@"
