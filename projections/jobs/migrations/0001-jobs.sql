CREATE TABLE jobs (
  tenant_id text NOT NULL,
  job_id text NOT NULL,
  place text,
  phase text CHECK (phase IN ('queued', 'running', 'waiting', 'completed', 'failed', 'dead', 'cancelled')),
  hold text CHECK (hold IN ('', 'paused', 'suspended')),
  type text,
  version integer,
  queue text,
  lane text,
  tags text[],
  concurrency_key text,
  principal text,
  decision_id text,
  parent_id text,
  depth integer,
  input text,
  attempts_max integer,
  generation integer,
  attempt integer,
  progress jsonb,
  result text,
  -- Code and detail of the latest failure, suspension, pause or cancellation; {} once the job has gone on.
  fault jsonb,
  run_at timestamptz,
  deadline timestamptz,
  next_run_at timestamptz,
  created_at timestamptz,
  started_at timestamptz,
  ended_at timestamptz,
  updated_at timestamptz NOT NULL,
  partition integer,
  last_offset bigint NOT NULL,
  PRIMARY KEY (tenant_id, job_id)
) WITH (fillfactor = 80);

CREATE INDEX jobs_by_time ON jobs (tenant_id, created_at DESC, job_id DESC);
CREATE INDEX jobs_by_status ON jobs (tenant_id, phase, hold, created_at DESC, job_id DESC);
CREATE INDEX jobs_by_type ON jobs (tenant_id, type, created_at DESC, job_id DESC);
CREATE INDEX jobs_of_parent ON jobs (parent_id, tenant_id, created_at DESC, job_id DESC) WHERE parent_id IS NOT NULL;
CREATE INDEX jobs_of_tag ON jobs USING gin (tags);

CREATE TABLE job_steps (
  tenant_id text NOT NULL,
  job_id text NOT NULL,
  path text NOT NULL,
  name text NOT NULL,
  nth integer NOT NULL,
  -- Null until jobs.events has the step; such a row is not shown.
  status text CHECK (status IN ('attempted', 'waiting', 'completed', 'failed')),
  kind text,
  attempts integer,
  generation integer,
  wait jsonb,
  fault jsonb,
  output_bytes integer,
  started_at timestamptz,
  ended_at timestamptz,
  first_offset bigint,
  updated_at timestamptz NOT NULL,
  -- From the journal, as is the number of its part.
  output text,
  chunk integer,
  PRIMARY KEY (tenant_id, job_id, path, name, nth)
) WITH (fillfactor = 80);

CREATE INDEX job_steps_in_order ON job_steps (job_id, tenant_id, first_offset);
