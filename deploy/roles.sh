#!/bin/sh
# Run once by the PostgreSQL container on a new volume; the same statements serve any other server.
set -eu
psql --username postgres --set ON_ERROR_STOP=1 \
    --set owner_password="$DATABASE_OWNER_PASSWORD" --set app_password="$DATABASE_APP_PASSWORD" <<'SQL'
CREATE ROLE hms_ach_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE hms_ach_app LOGIN PASSWORD :'app_password';
CREATE DATABASE hms_ach OWNER hms_ach_owner;
\connect hms_ach
REVOKE ALL ON SCHEMA public FROM PUBLIC;
REVOKE TEMPORARY ON DATABASE hms_ach FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE hms_ach TO hms_ach_app;
GRANT USAGE, CREATE ON SCHEMA public TO hms_ach_owner;
GRANT USAGE ON SCHEMA public TO hms_ach_app;
ALTER DEFAULT PRIVILEGES FOR ROLE hms_ach_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO hms_ach_app;
ALTER DEFAULT PRIVILEGES FOR ROLE hms_ach_owner IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO hms_ach_app;
SQL
