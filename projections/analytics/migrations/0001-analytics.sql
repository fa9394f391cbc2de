CREATE TABLE analytics_windows (
  tenant_id text NOT NULL,
  kind text NOT NULL,
  subject text NOT NULL,
  window_start timestamptz NOT NULL,
  runs bigint NOT NULL,
  successes bigint NOT NULL,
  refusals bigint NOT NULL,
  approvals bigint NOT NULL,
  approval_wait_ms bigint NOT NULL,
  tokens bigint NOT NULL,
  cost numeric(28, 9) NOT NULL,
  PRIMARY KEY (tenant_id, kind, subject, window_start)
) WITH (fillfactor = 80);

CREATE INDEX analytics_windows_by_time ON analytics_windows (tenant_id, kind, window_start);

-- Sketches of latencies: one count a bucket, so that windows merge by adding.
CREATE TABLE analytics_latencies (
  tenant_id text NOT NULL,
  kind text NOT NULL,
  subject text NOT NULL,
  window_start timestamptz NOT NULL,
  bucket integer NOT NULL,
  count bigint NOT NULL,
  PRIMARY KEY (tenant_id, kind, subject, window_start, bucket)
) WITH (fillfactor = 80);
