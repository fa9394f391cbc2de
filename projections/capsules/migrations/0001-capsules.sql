-- Rows of the marketplace have the tenant '*': every tenant may see them, as far as the gateway shows them.
CREATE TABLE capsules (
  tenant_id text NOT NULL,
  -- `<tenant>/<name>@<version>`.
  capsule_id text NOT NULL,
  publisher text,
  status text,
  digest text,
  manifest text,
  envelope text,
  words text[],
  amount numeric,
  currency text,
  meter text,
  principal text,
  decision_id text,
  created_at timestamptz,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, capsule_id)
) WITH (fillfactor = 80);

CREATE INDEX capsules_by_time ON capsules (tenant_id, created_at DESC, capsule_id DESC);
CREATE INDEX capsules_by_word ON capsules USING gin (words);

CREATE TABLE capsule_attestations (
  tenant_id text NOT NULL,
  -- `<capsule>/<sha256 of the bundle>`.
  attestation_id text NOT NULL,
  capsule_id text NOT NULL,
  predicate_type text,
  bundle text NOT NULL,
  principal text NOT NULL,
  nth integer NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, attestation_id)
);

CREATE INDEX capsule_attestations_by_time
  ON capsule_attestations (tenant_id, capsule_id, created_at DESC, attestation_id DESC);

CREATE TABLE capsule_installs (
  tenant_id text NOT NULL,
  install text NOT NULL,
  status text,
  capsule_id text,
  publisher text,
  digest text,
  granted text[],
  asks text[],
  amount numeric,
  currency text,
  meter text,
  principal text,
  decision_id text,
  created_at timestamptz,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, install)
) WITH (fillfactor = 80);

CREATE INDEX capsule_installs_by_time ON capsule_installs (tenant_id, created_at DESC, install DESC);
