CREATE TABLE tool_versions (
  tenant_id text NOT NULL,
  -- `<name>/<version>`.
  version_id text NOT NULL,
  tool text NOT NULL,
  version integer NOT NULL,
  place text,
  status text NOT NULL,
  digest text,
  manifest text,
  principal text NOT NULL,
  decision_id text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, version_id)
);

CREATE INDEX tool_versions_by_time ON tool_versions (tenant_id, tool, created_at DESC, version_id DESC);

CREATE TABLE tool_calls (
  tenant_id text NOT NULL,
  call_id text NOT NULL,
  tool text,
  tool_version integer,
  digest text,
  -- requested, started, refused, or how it ended: succeeded, failed, unknown.
  status text,
  principal text,
  session_id text,
  effect text,
  tier text,
  arguments text,
  labels jsonb,
  -- What the end says, with the names of the wire.
  result jsonb,
  decision_id text,
  created_at timestamptz,
  started_at timestamptz,
  ended_at timestamptz,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, call_id)
) WITH (fillfactor = 80);

CREATE INDEX tool_calls_by_time ON tool_calls (tenant_id, tool, created_at DESC, call_id DESC);
