-- PostgreSQL 14 or newer, once, as its administrator: psql -f roles.sql
-- The roles have no password: each account enters by who it is, at the socket (pg_hba.conf: peer, pg_ident.conf beside this file) or by a
-- certificate (docs/operate.md). One that must enter with a password all the same is given it when it is made: psql -v reader_password="'…'" -f roles.sql
-- (owner_, web_, worker_, reader_password); a role that is there keeps what it has.
-- `ventanilla` owns its database and makes its tables (`flask setup`, `flask db upgrade`, backup); web and worker serve people with
-- `ventanilla_web` and `ventanilla_worker`, which cannot change or remove what is written once, nor make tables: each `flask db upgrade` gives
-- them what they need (engine/store/guard.py). `ventanilla_lee` only reads, for reports and for whoever looks into it.
\set ON_ERROR_STOP on
\if :{?owner_password}
\else
\set owner_password NULL
\endif
\if :{?web_password}
\else
\set web_password NULL
\endif
\if :{?worker_password}
\else
\set worker_password NULL
\endif
\if :{?reader_password}
\else
\set reader_password NULL
\endif
SELECT format('CREATE ROLE ventanilla LOGIN PASSWORD %L', :owner_password)
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'ventanilla') \gexec
SELECT format('CREATE ROLE ventanilla_web LOGIN PASSWORD %L', :web_password)
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'ventanilla_web') \gexec
SELECT format('CREATE ROLE ventanilla_worker LOGIN PASSWORD %L', :worker_password)
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'ventanilla_worker') \gexec
SELECT format('CREATE ROLE ventanilla_lee LOGIN PASSWORD %L', :reader_password)
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'ventanilla_lee') \gexec
SELECT 'CREATE DATABASE ventanilla OWNER ventanilla ENCODING ''UTF8'' TEMPLATE template0'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'ventanilla') \gexec
\connect ventanilla
REVOKE ALL ON DATABASE ventanilla FROM PUBLIC;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT CONNECT ON DATABASE ventanilla TO ventanilla_web, ventanilla_worker, ventanilla_lee;
GRANT USAGE, CREATE ON SCHEMA public TO ventanilla;
GRANT USAGE ON SCHEMA public TO ventanilla_lee;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO ventanilla_lee;
ALTER DEFAULT PRIVILEGES FOR ROLE ventanilla IN SCHEMA public GRANT SELECT ON TABLES TO ventanilla_lee;
-- A machine whose plug is pulled says no goodbye: without these its sessions hold their rows for two hours.
ALTER ROLE ventanilla SET tcp_keepalives_idle = 10;
ALTER ROLE ventanilla SET tcp_keepalives_interval = 5;
ALTER ROLE ventanilla SET tcp_keepalives_count = 3;
ALTER ROLE ventanilla SET tcp_user_timeout = 30000;
ALTER ROLE ventanilla_web SET tcp_keepalives_idle = 10;
ALTER ROLE ventanilla_web SET tcp_keepalives_interval = 5;
ALTER ROLE ventanilla_web SET tcp_keepalives_count = 3;
ALTER ROLE ventanilla_web SET tcp_user_timeout = 30000;
ALTER ROLE ventanilla_worker SET tcp_keepalives_idle = 10;
ALTER ROLE ventanilla_worker SET tcp_keepalives_interval = 5;
ALTER ROLE ventanilla_worker SET tcp_keepalives_count = 3;
ALTER ROLE ventanilla_worker SET tcp_user_timeout = 30000;
ALTER ROLE ventanilla_lee SET default_transaction_read_only = on;
ALTER ROLE ventanilla_lee SET statement_timeout = '60s';
