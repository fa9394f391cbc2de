#!/bin/bash
# Stands in for the entry point of postgres: creates the cluster once, runs the scripts of /docker-entrypoint-initdb.d on the
# socket, then listens on every address.
set -euo pipefail
data=/var/lib/postgresql/18/docker
if [[ ! -s $data/PG_VERSION ]]; then
  mkdir -p "$data"
  chmod 700 "$data"
  initdb --pgdata="$data" --username="$POSTGRES_USER" --auth-host=scram-sha-256 --auth-local=trust --encoding=UTF8 --locale=C \
    --no-instructions --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD")
  echo 'host all all all scram-sha-256' >> "$data/pg_hba.conf"
  pg_ctl --pgdata="$data" --wait --options="-c listen_addresses='' -c unix_socket_directories=/var/run/postgresql" start
  createdb --username="$POSTGRES_USER" --maintenance-db=postgres "$POSTGRES_USER"
  for script in /docker-entrypoint-initdb.d/*.sh; do bash "$script"; done
  pg_ctl --pgdata="$data" --wait --mode=fast stop
fi
exec postgres -D "$data" -c "listen_addresses=*" -c unix_socket_directories=/var/run/postgresql
