-- The broker's database and its role, once per PostgreSQL. As a superuser:
--   psql -v ON_ERROR_STOP=1 -f setup.sql
-- then give the role a password, which psql encrypts before it sends it:
--   psql -c '\password broker'
--
-- The role owns one schema and may do nothing outside it. Nodes that use it make and upgrade their tables themselves.

create role broker login nosuperuser nocreatedb nocreaterole noreplication nobypassrls;
create database broker;

\connect broker

revoke all on database broker from public;
grant connect on database broker to broker;
revoke all on schema public from public;
create schema broker authorization broker;
