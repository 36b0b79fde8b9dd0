-- All times are by this database's clock.

create table schema_version (
    version integer primary key,
    applied_at timestamptz not null default now()
);

-- A row per incarnation. Written once a second by its node, hence the room for new versions of the row in its page.
create table nodes (
    incarnation uuid primary key,
    name text not null,
    url text not null,
    queue text,
    version integer not null,
    state text not null,
    bus_ok boolean not null,
    since timestamptz not null default now(),
    expires_at timestamptz not null
) with (fillfactor = 25);

-- As many rows as the cluster has shards, from the beginning on.
create table shards (
    shard integer primary key,
    owner uuid,
    term bigint not null default 0,
    holders uuid[] not null default '{}'
) with (fillfactor = 50);

-- One row. Grows with every change of shards, as the last thing that a transaction does.
create table directory_version (
    version bigint not null
);

insert into directory_version values (1);
