-- Turns that were asked for as responses of the OpenAI API.
CREATE TABLE responses (
  tenant_id text NOT NULL,
  turn_id text NOT NULL,
  session_id text NOT NULL,
  place text,
  status text,
  hidden text,
  previous_turn_id text,
  in_conversation text,
  stored text,
  background text,
  items text,
  parameters text,
  model text,
  attempt integer,
  text text,
  tool_calls text,
  model_id text,
  finish_reason text,
  tokens_prompt bigint,
  tokens_completion bigint,
  code text,
  detail text,
  created_at timestamptz,
  ended_at timestamptz,
  PRIMARY KEY (tenant_id, turn_id)
) WITH (fillfactor = 80);

CREATE INDEX responses_of_session ON responses (tenant_id, session_id, created_at DESC, turn_id DESC);

-- Sessions that were started without a turn.
CREATE TABLE conversations (
  tenant_id text NOT NULL,
  session_id text NOT NULL,
  place text,
  persona text,
  model text,
  metadata text,
  hidden text,
  created_at timestamptz,
  PRIMARY KEY (tenant_id, session_id)
) WITH (fillfactor = 80);

-- Items that were added to a conversation beside its responses, and items of it that are hidden.
CREATE TABLE conversation_items (
  tenant_id text NOT NULL,
  item_id text NOT NULL,
  session_id text NOT NULL,
  item text,
  position integer,
  hidden text,
  created_at timestamptz,
  PRIMARY KEY (tenant_id, item_id)
) WITH (fillfactor = 80);

CREATE INDEX conversation_items_of_session
  ON conversation_items (tenant_id, session_id, created_at DESC, item_id DESC);
