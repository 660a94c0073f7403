#!/bin/sh
# Makes the database in the volume, once, then becomes PostgreSQL.
set -eu

: "${POSTGRES_USER:?is not set}" "${POSTGRES_PASSWORD:?is not set}" "${POSTGRES_DB:?is not set}"
volume=/var/lib/postgresql/data
export PGDATA=$volume/15

quoted() { printf %s "$2" | sed "s/$1/$1$1/g"; }

if [ ! -d "$PGDATA" ]; then
  # Made under another name and renamed at the end: a start that was killed halfway leaves nothing that looks finished.
  new=$volume/new
  rm -rf "$new"
  # Over the network by password only. Inside the container the system user is the superuser, for backups and repairs.
  initdb --pgdata="$new" --username=postgres --encoding=UTF8 --locale=C.UTF-8 --auth-local=peer --auth-host=scram-sha-256 --no-instructions
  echo 'host all all all scram-sha-256' >>"$new/pg_hba.conf"
  # The application owns its database and is no superuser. The password goes in by standard input, where no list of processes shows it.
  user=$(quoted '"' "$POSTGRES_USER")
  database=$(quoted '"' "$POSTGRES_DB")
  password=$(quoted "'" "$POSTGRES_PASSWORD")
  postgres --single -j -D "$new" -c exit_on_error=true postgres >/dev/null <<SQL
CREATE ROLE "$user" LOGIN PASSWORD '$password';

CREATE DATABASE "$database" OWNER "$user";

SQL
  mv "$new" "$PGDATA"
fi

exec postgres -c listen_addresses='*' -c unix_socket_directories=/tmp
