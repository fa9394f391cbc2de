CREATE TABLE usage_daily (
  tenant_id text NOT NULL,
  -- In UTC, of the time of the command.
  day date NOT NULL,
  model_id text NOT NULL,
  currency text NOT NULL,
  requests bigint NOT NULL,
  failures bigint NOT NULL,
  tokens_prompt bigint NOT NULL,
  tokens_completion bigint NOT NULL,
  latency_ms bigint NOT NULL,
  cost numeric(18, 9) NOT NULL,
  last_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, day, model_id, currency)
) WITH (fillfactor = 80);

CREATE TABLE usage_sessions (
  tenant_id text NOT NULL,
  session_id text NOT NULL,
  model_id text NOT NULL,
  currency text NOT NULL,
  requests bigint NOT NULL,
  failures bigint NOT NULL,
  tokens_prompt bigint NOT NULL,
  tokens_completion bigint NOT NULL,
  latency_ms bigint NOT NULL,
  cost numeric(18, 9) NOT NULL,
  last_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, session_id, model_id, currency)
) WITH (fillfactor = 80);
