#!/bin/sh
# Runs once, when the data folder is made. The owner of the database is no superuser: a superuser passes row-level
# security by. It may create roles, for migrations make less privileged ones.
set -eu
psql --set=ON_ERROR_STOP=1 --set=password="$KHIPU_DATABASE_PASSWORD" --username "$POSTGRES_USER" <<'SQL'
create role khipu login createrole nosuperuser password :'password';
create database khipu owner khipu;
SQL
