#!/bin/sh
# Runs once, when the data folder is created. The owner of the database is not a superuser, because a superuser bypasses
# row-level security. It may create roles, because migrations create less privileged ones.
set -eu
psql --set=ON_ERROR_STOP=1 --set=password="$KHIPU_DATABASE_PASSWORD" --username "$POSTGRES_USER" <<'SQL'
create role khipu login createrole nosuperuser password :'password';
create database khipu owner khipu;
SQL
