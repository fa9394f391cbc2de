CREATE TABLE approvals (
  tenant_id text NOT NULL,
  approval_id text NOT NULL,
  scope_id text,
  place text,
  tool text,
  tool_digest text,
  principal text,
  session_id text,
  effect text,
  arguments text,
  labels jsonb,
  flow jsonb,
  cost_max text,
  decision jsonb,
  requirement jsonb,
  digest text,
  revision integer,
  editor text,
  -- waiting, granted, rejected or expired.
  status text,
  given integer,
  required integer,
  escalated_to text,
  grant_id text,
  code text,
  created_at timestamptz,
  expires_at timestamptz,
  ended_at timestamptz,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, approval_id)
) WITH (fillfactor = 80);

CREATE INDEX approvals_by_time ON approvals (tenant_id, created_at DESC, approval_id DESC);
CREATE INDEX approvals_by_status ON approvals (tenant_id, status, created_at DESC, approval_id DESC);

CREATE TABLE approval_steps (
  tenant_id text NOT NULL,
  step_id text NOT NULL,
  approval_id text NOT NULL,
  -- requested, approved, edited, edit_refused, escalated, granted, rejected or expired.
  kind text NOT NULL,
  revision integer NOT NULL,
  digest text,
  principal text,
  detail text,
  grant_id text,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, step_id)
);

CREATE INDEX approval_steps_by_time ON approval_steps (tenant_id, approval_id, created_at DESC, step_id DESC);

CREATE TABLE approval_grants (
  tenant_id text NOT NULL,
  grant_id text NOT NULL,
  scope_id text,
  place text,
  tool text,
  tool_digest text,
  principal text,
  initiator text,
  arguments_digest text,
  shape text,
  uses_max integer,
  uses integer,
  -- active or ended.
  status text,
  code text,
  ended_by text,
  created_at timestamptz,
  until timestamptz,
  ended_at timestamptz,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, grant_id)
) WITH (fillfactor = 80);

CREATE INDEX approval_grants_by_time ON approval_grants (tenant_id, created_at DESC, grant_id DESC);
