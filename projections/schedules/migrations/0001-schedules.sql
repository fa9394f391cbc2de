CREATE TABLE schedules (
  tenant_id text NOT NULL,
  schedule_id text NOT NULL,
  place text,
  life text CHECK (life IN ('kept', 'removed')),
  status text CHECK (status IN ('active', 'paused')),
  type text,
  -- The latest ScheduleDefined with the names of the wire.
  definition jsonb,
  -- `{due_at}`, ms since 1970 or null.
  next jsonb,
  waiting integer,
  -- Reason and principal of the pause; {} once it was resumed.
  pause jsonb,
  created_at timestamptz,
  updated_at timestamptz NOT NULL,
  partition integer,
  last_offset bigint NOT NULL,
  PRIMARY KEY (tenant_id, schedule_id)
) WITH (fillfactor = 80);

CREATE INDEX schedules_by_time ON schedules (tenant_id, life, created_at DESC, schedule_id DESC);

CREATE TABLE schedule_runs (
  tenant_id text NOT NULL,
  run_id text NOT NULL,
  schedule_id text,
  due_at timestamptz,
  status text,
  reason text,
  job_id text,
  -- Code of a failure or refusal; {} without one.
  fault jsonb,
  until timestamptz,
  fired_at timestamptz,
  ended_at timestamptz,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, run_id)
) WITH (fillfactor = 80);

CREATE INDEX schedule_runs_by_time ON schedule_runs (tenant_id, schedule_id, due_at DESC, run_id DESC);
