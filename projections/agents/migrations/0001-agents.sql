CREATE TABLE agent_runs (
  tenant_id text NOT NULL,
  run_id text NOT NULL,
  place text,
  agent text,
  -- running, completed, failed, cancelled or refused.
  status text,
  principal text,
  session_id text,
  model text,
  instructions text,
  prompt text,
  -- Names and digests.
  tools jsonb,
  limits jsonb,
  output_schema text,
  parent_id text,
  depth integer,
  deadline timestamptz,
  -- The end with the names of the wire.
  result jsonb,
  steps integer,
  decision_id text,
  created_at timestamptz,
  ended_at timestamptz,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, run_id)
) WITH (fillfactor = 80);

CREATE INDEX agent_runs_by_time ON agent_runs (tenant_id, created_at DESC, run_id DESC);
CREATE INDEX agent_runs_by_parent ON agent_runs (tenant_id, parent_id) WHERE parent_id IS NOT NULL;

CREATE TABLE agent_steps (
  tenant_id text NOT NULL,
  -- `<run>/<step>`.
  step_id text NOT NULL,
  run_id text NOT NULL,
  step integer,
  -- asked or answered.
  status text,
  decision_id text,
  labels jsonb,
  -- The answer with the names of the wire.
  answer jsonb,
  -- Why the answer did not fit the schema of the result.
  rejected text,
  created_at timestamptz,
  ended_at timestamptz,
  PRIMARY KEY (tenant_id, step_id)
) WITH (fillfactor = 80);

CREATE INDEX agent_steps_by_run ON agent_steps (tenant_id, run_id, created_at DESC, step_id DESC);

CREATE TABLE agent_calls (
  tenant_id text NOT NULL,
  call_id text NOT NULL,
  run_id text NOT NULL,
  step integer,
  nth integer,
  -- asked, or how it ended: succeeded, failed, unknown, refused, invalid.
  status text,
  model_name text,
  tool text,
  arguments text,
  -- The end with the names of the wire.
  result jsonb,
  created_at timestamptz,
  ended_at timestamptz,
  PRIMARY KEY (tenant_id, call_id)
) WITH (fillfactor = 80);

CREATE INDEX agent_calls_by_run ON agent_calls (tenant_id, run_id, created_at DESC, call_id DESC);
