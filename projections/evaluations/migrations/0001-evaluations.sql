CREATE TABLE golden_set_versions (
  tenant_id text NOT NULL,
  version_id text NOT NULL,
  golden_set text NOT NULL,
  version integer NOT NULL,
  digest text NOT NULL,
  bytes bigint NOT NULL,
  pieces integer NOT NULL,
  cases integer NOT NULL,
  turn_id text,
  principal text NOT NULL,
  decision_id text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, version_id)
);

CREATE INDEX golden_set_versions_by_time
  ON golden_set_versions (tenant_id, golden_set, created_at DESC, version_id DESC);

CREATE TABLE evaluation_runs (
  tenant_id text NOT NULL,
  run_id text NOT NULL,
  golden_set text NOT NULL,
  persona text NOT NULL,
  persona_version integer NOT NULL,
  set_version integer NOT NULL,
  set_digest text NOT NULL,
  baseline_run_id text,
  verdict text NOT NULL,
  detail text NOT NULL,
  -- Of a verdict that is not decided.
  more_cases integer,
  cause text NOT NULL,
  models text[] NOT NULL,
  cases integer NOT NULL,
  repeats integer NOT NULL,
  passed integer NOT NULL,
  tokens bigint NOT NULL,
  -- The result is a content in pieces.
  digest text NOT NULL,
  bytes bigint NOT NULL,
  pieces integer NOT NULL,
  principal text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, run_id)
) WITH (fillfactor = 80);

CREATE INDEX evaluation_runs_by_time ON evaluation_runs (tenant_id, created_at DESC, run_id DESC);
CREATE INDEX evaluation_runs_of_set ON evaluation_runs (tenant_id, golden_set, created_at DESC, run_id DESC);
