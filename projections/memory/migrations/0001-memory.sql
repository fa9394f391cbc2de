CREATE TABLE memories (
  tenant_id text NOT NULL,
  memory_id text NOT NULL,
  place text,
  space text,
  status text,
  text text,
  source text,
  tags text[],
  metadata jsonb,
  labels text[],
  digest text,
  model text,
  -- As pgvector writes it; whole numbers from -127 to 127.
  vector text,
  valid_from timestamptz,
  valid_to timestamptz,
  principal text,
  call_id text,
  decision_id text,
  log_partition integer,
  log_offset bigint,
  remembered_at timestamptz,
  forgotten_at timestamptz,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, memory_id)
) WITH (fillfactor = 80);

CREATE INDEX memories_by_time ON memories (tenant_id, space, remembered_at DESC, memory_id DESC);
CREATE INDEX memories_by_position ON memories (tenant_id, log_partition, log_offset);

CREATE TABLE memory_supersessions (
  tenant_id text NOT NULL,
  superseded_id text NOT NULL,
  memory_id text NOT NULL,
  space text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (superseded_id, memory_id, tenant_id)
);

CREATE TABLE memory_links (
  tenant_id text NOT NULL,
  memory_id text NOT NULL,
  to_id text NOT NULL,
  relation text NOT NULL,
  principal text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (memory_id, to_id, relation, tenant_id)
);
