-- A role with less: it uses the tables and cannot change them. For those who run upgrades apart from the nodes; start one node
-- with the role "broker" for each new release, and the others with this one. After setup.sql and a first start, as a superuser:
--   psql -v ON_ERROR_STOP=1 -d broker -f node-role.sql
--   psql -c '\password broker_node'

create role broker_node login nosuperuser nocreatedb nocreaterole noreplication nobypassrls;
grant connect on database broker to broker_node;
grant usage on schema broker to broker_node;
grant select on broker.schema_version to broker_node;
grant select, insert, update, delete on broker.nodes to broker_node;
grant select, update on broker.shards, broker.directory_version to broker_node;
