CREATE TABLE events (
  tenant_id text NOT NULL,
  stream_id text NOT NULL,
  stream_version bigint NOT NULL CHECK (stream_version > 0),
  event_id uuid NOT NULL,
  -- Key of the record: the session, inference request or constitution version that the event is about.
  subject_id text NOT NULL,
  type text NOT NULL,
  -- Position in the session's conversation, for events that have one.
  sequence integer,
  data jsonb NOT NULL,
  metadata jsonb NOT NULL,
  topic text NOT NULL,
  partition integer NOT NULL,
  "offset" bigint NOT NULL,
  -- Time of the command.
  at timestamptz NOT NULL,
  -- When the log took the record.
  appended_at timestamptz NOT NULL,
  PRIMARY KEY (stream_id, tenant_id, stream_version),
  UNIQUE (event_id, tenant_id),
  UNIQUE (topic, partition, "offset")
);

-- No index begins with the tenant: one that does can be taken for another before the table has statistics.
CREATE INDEX events_of_subject ON events (subject_id, tenant_id, appended_at, topic, partition, "offset");
CREATE INDEX events_of_conversation ON events (stream_id, tenant_id, sequence) WHERE sequence IS NOT NULL;
