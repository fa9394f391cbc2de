CREATE TABLE sessions (
  tenant_id text NOT NULL,
  session_id text NOT NULL,
  -- Null until the session's own event was read; such a row is not shown.
  status text CHECK (status IN ('started', 'refused')),
  principal text,
  persona text,
  capabilities text[],
  model text,
  metadata jsonb,
  decision jsonb,
  code text,
  detail text,
  request_digest text,
  -- Turns that began.
  turns integer NOT NULL DEFAULT 0,
  -- Of answers that were completed; what is paid for stands in usage.
  tokens_prompt bigint NOT NULL DEFAULT 0,
  tokens_completion bigint NOT NULL DEFAULT 0,
  created_at timestamptz,
  updated_at timestamptz NOT NULL,
  partition integer NOT NULL,
  -- Last record of sessions.events and of conversation.events that the row holds.
  session_offset bigint,
  conversation_offset bigint,
  PRIMARY KEY (tenant_id, session_id)
) WITH (fillfactor = 80);

CREATE INDEX sessions_by_time ON sessions (tenant_id, created_at DESC, session_id DESC) WHERE status IS NOT NULL;
