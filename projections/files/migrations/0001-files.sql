CREATE TABLE files (
  tenant_id text NOT NULL,
  file_id text NOT NULL,
  place text,
  status text,
  filename text,
  purpose text,
  bytes bigint,
  digest text,
  pieces integer,
  lines integer,
  principal text,
  job_id text,
  created_at timestamptz,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, file_id)
) WITH (fillfactor = 80);

CREATE INDEX files_by_time ON files (tenant_id, created_at DESC, file_id DESC);

-- Contents by `<digest>/<piece>`, in base64.
CREATE TABLE file_pieces (
  tenant_id text NOT NULL,
  piece_id text NOT NULL,
  bytes text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (piece_id, tenant_id)
);
