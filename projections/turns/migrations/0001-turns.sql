CREATE TABLE turns (
  tenant_id text NOT NULL,
  session_id text NOT NULL,
  turn_id text NOT NULL,
  status text NOT NULL CHECK (status IN ('queued', 'running', 'completed', 'failed', 'refused')),
  -- Null of a turn that was refused before it was queued or began: its prompt stands in the decision.
  prompt text,
  model text,
  text text,
  model_id text,
  finish_reason text,
  tokens_prompt bigint,
  tokens_completion bigint,
  latency_ms bigint,
  code text,
  detail text,
  decision jsonb,
  -- First and last event of the turn in the session's conversation.
  sequence_first integer NOT NULL,
  sequence_last integer NOT NULL,
  queued_at timestamptz,
  started_at timestamptz,
  ended_at timestamptz,
  partition integer NOT NULL,
  last_offset bigint NOT NULL,
  PRIMARY KEY (tenant_id, session_id, turn_id)
) WITH (fillfactor = 80);

CREATE INDEX turns_in_order ON turns (tenant_id, session_id, sequence_first);
