CREATE TABLE audit (
  tenant_id text NOT NULL,
  audit_id uuid NOT NULL,
  subject_id text NOT NULL,
  -- The event that the record speaks of, and where it stands.
  event_id uuid NOT NULL,
  event_type text NOT NULL,
  topic text NOT NULL,
  partition integer NOT NULL,
  "offset" bigint NOT NULL,
  correlation_id text NOT NULL,
  causation_id text NOT NULL,
  at timestamptz NOT NULL,
  value_sha256 text NOT NULL,
  summary text NOT NULL,
  -- Where the audit record itself stands.
  audit_partition integer NOT NULL,
  audit_offset bigint NOT NULL,
  appended_at timestamptz NOT NULL,
  PRIMARY KEY (audit_id, tenant_id),
  UNIQUE (audit_partition, audit_offset)
);

CREATE INDEX audit_of_subject ON audit (subject_id, tenant_id, appended_at, audit_partition, audit_offset);
CREATE INDEX audit_by_time ON audit (tenant_id, appended_at, audit_partition, audit_offset);
