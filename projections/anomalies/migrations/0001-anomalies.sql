CREATE TABLE anomalies (
  tenant_id text NOT NULL,
  anomaly_id text NOT NULL,
  metric text,
  subject text,
  rule text,
  direction text,
  window_start timestamptz,
  window_ms bigint,
  observed numeric(28, 9),
  expected numeric(28, 9),
  score numeric(28, 9),
  threshold numeric(28, 9),
  label text,
  records jsonb,
  records_total bigint,
  settings_version integer,
  detail text,
  suggested_scope text,
  detected_at timestamptz,
  PRIMARY KEY (tenant_id, anomaly_id)
);

CREATE INDEX anomalies_by_time ON anomalies (tenant_id, detected_at DESC, anomaly_id DESC);

CREATE TABLE anomaly_windows (
  tenant_id text NOT NULL,
  metric text NOT NULL,
  subject text NOT NULL,
  window_start timestamptz NOT NULL,
  value bigint NOT NULL,
  records bigint NOT NULL,
  late bigint NOT NULL,
  expected numeric(28, 9),
  bound numeric(28, 9),
  PRIMARY KEY (tenant_id, metric, subject, window_start)
) WITH (fillfactor = 80);

-- What the detector took, in the order of the log: other settings are tried on it.
CREATE TABLE anomaly_steps (
  tenant_id text NOT NULL,
  step_id text NOT NULL,
  log_partition integer NOT NULL,
  log_offset bigint NOT NULL,
  step jsonb NOT NULL,
  PRIMARY KEY (tenant_id, step_id)
);

CREATE INDEX anomaly_steps_by_position ON anomaly_steps (tenant_id, log_partition, log_offset);
