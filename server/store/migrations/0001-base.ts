/**
 * The first schema. Times are timestamptz; rows that only ever travel whole keep a `body` as JSON beside the columns
 * that are filtered by. `hub` is the node that concluded something: each hub numbers its own alert changes.
 */
export const base = `
create table unit (
  id text primary key,
  kind text not null,
  name jsonb not null,
  parent text references unit (id)
);

create table source (
  id text primary key,
  unit text not null,
  name text not null,
  decoder text not null,
  stale_after double precision not null,
  recorded boolean not null
);

create table credential (
  username text primary key,
  hash text not null,
  source text not null references source (id) on delete cascade,
  created_at timestamptz not null
);

create table app_user (
  username text primary key,
  name text not null,
  role text not null,
  unit text,
  password_hash text not null,
  disabled boolean not null default false
);

create table session (
  hash text primary key,
  username text not null references app_user (username) on delete cascade,
  created_at timestamptz not null,
  expires_at timestamptz not null
);

create table token (
  id text primary key,
  hash text not null unique,
  name text not null,
  role text not null,
  unit text,
  created_by text not null,
  expires_at timestamptz
);

create table wall_screen (
  id text primary key,
  hash text not null unique,
  wall text not null,
  paired_by text not null,
  paired_at timestamptz not null
);

create table push_subscription (
  id text primary key,
  username text not null references app_user (username) on delete cascade,
  endpoint text not null unique,
  p256dh text not null,
  auth text not null,
  created_at timestamptz not null
);

create table thing (
  source text not null,
  id text not null,
  name text not null,
  labels jsonb not null,
  lon double precision,
  lat double precision,
  primary key (source, id)
);

create table series (
  id integer generated always as identity primary key,
  uuid uuid not null unique,
  unit text not null,
  source text not null,
  name text not null,
  thing text not null,
  quantity text not null,
  uom text,
  unique (unit, source, name)
);
create index on series (source, name);
create index on series (thing);

create table hub_series (
  hub text not null,
  number integer not null,
  series_id integer not null references series (id) on delete cascade,
  primary key (hub, number)
);

create table sample (
  series_id integer not null,
  time timestamptz not null,
  value double precision not null,
  quality smallint not null
);
select create_hypertable('sample', 'time', chunk_time_interval => interval '1 day', create_default_indexes => false);
create unique index sample_series_time on sample (series_id, time);
alter table sample set (
  timescaledb.compress,
  timescaledb.compress_segmentby = 'series_id',
  timescaledb.compress_orderby = 'time desc'
);

create table text_sample (
  series_id integer not null,
  time timestamptz not null,
  value text not null,
  primary key (series_id, time)
);

create materialized view sample_minute
  with (timescaledb.continuous, timescaledb.materialized_only = true) as
  select series_id, time_bucket('1 minute', time) as bucket,
    sum(value) as sum, count(*)::bigint as count, min(value) as min, max(value) as max,
    last(value, time) as last, bit_or(quality) as quality
  from sample group by 1, 2
  with no data;

create materialized view sample_hour
  with (timescaledb.continuous, timescaledb.materialized_only = true) as
  select series_id, time_bucket('1 hour', bucket) as bucket,
    sum(sum) as sum, sum(count)::bigint as count, min(min) as min, max(max) as max,
    last(last, bucket) as last, bit_or(quality) as quality
  from sample_minute group by 1, 2
  with no data;

-- One row. What lies before the least of these three instants is exact in both aggregates: covered_until is how far
-- they were ever brought, dirty_from the earliest sample written below that since, refreshing_from where a refresh
-- under way has got to.
create table aggregate_state (
  only_row boolean primary key default true check (only_row),
  covered_until timestamptz not null,
  dirty_from timestamptz,
  refreshing_from timestamptz
);
insert into aggregate_state (covered_until) values ('-infinity');

create table event (
  source text not null,
  id text not null,
  unit text not null,
  type text not null,
  thing text,
  time timestamptz not null,
  lon double precision,
  lat double precision,
  title text,
  data jsonb not null,
  primary key (source, id)
);
create index on event (time desc);
create index on event (type, time desc);

create table quarantine (
  id text primary key,
  at timestamptz not null,
  source text,
  body jsonb not null
);
create index on quarantine (at desc, id desc);
create index on quarantine (source, at desc, id desc);

create table alert (
  id uuid primary key,
  hub text not null,
  seq bigint not null,
  rule text not null,
  unit text not null,
  condition text not null,
  severity text not null,
  handling text not null,
  starts_at timestamptz not null,
  ends_at timestamptz,
  lon double precision,
  lat double precision,
  body jsonb not null
);
create index on alert (starts_at desc, id desc);
create index on alert (unit, starts_at desc, id desc);
create index on alert (condition, starts_at desc, id desc);

create table alert_change (
  hub text not null,
  alert_id uuid not null,
  seq bigint not null,
  at timestamptz not null,
  kind text not null,
  actor text,
  note text,
  body jsonb not null,
  primary key (alert_id, hub, seq)
);

create table delivery (
  id text primary key,
  alert uuid,
  queued_at timestamptz not null,
  body jsonb not null
);
create index on delivery (queued_at desc, id desc);
create index on delivery (alert, queued_at desc);

-- A position means something only within its journal; a new one begins at 1 again.
create table audit (
  journal text not null,
  position bigint not null,
  at timestamptz not null,
  actor text not null,
  action text not null,
  subject text not null,
  origin text,
  detail jsonb not null,
  primary key (journal, position)
);
create index on audit (at desc, journal desc, position desc);

create table log_position (
  hub text primary key,
  input bigint not null,
  outcome bigint not null,
  journal text not null
);

-- fence grows with every change of holder: work started under an older number is refused.
create table lease (
  name text primary key,
  holder text not null,
  until timestamptz not null,
  fence bigint not null
);
`;
