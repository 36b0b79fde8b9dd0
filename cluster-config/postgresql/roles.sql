-- A database of the broker's own, and a role that can do nothing else. As a superuser, once:
--
--   psql --set password="$PASSWORD" --file roles.sql
--
-- The node makes and upgrades its tables itself, in the schema "broker".
create role broker login password :'password';
create database broker;
revoke all on database broker from public;
grant connect, create on database broker to broker;
\connect broker
revoke all on schema public from public;
