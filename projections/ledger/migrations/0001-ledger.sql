CREATE TABLE ledger_transactions (
  tenant_id text NOT NULL,
  transaction_id text NOT NULL,
  charge_id text NOT NULL,
  place text,
  kind text NOT NULL,
  accounts text[] NOT NULL,
  legs jsonb NOT NULL,
  lines jsonb NOT NULL,
  price_version integer,
  settles text,
  corrects text,
  cause_id text NOT NULL,
  session_id text,
  by text,
  reason text,
  used_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL,
  log_partition integer NOT NULL,
  log_offset bigint NOT NULL,
  PRIMARY KEY (transaction_id, tenant_id)
);

CREATE INDEX ledger_transactions_by_time ON ledger_transactions (tenant_id, recorded_at DESC, transaction_id DESC);
CREATE INDEX ledger_transactions_by_charge ON ledger_transactions (tenant_id, charge_id);
CREATE INDEX ledger_transactions_by_position ON ledger_transactions (tenant_id, log_partition, log_offset);

CREATE TABLE ledger_legs (
  tenant_id text NOT NULL,
  transaction_id text NOT NULL,
  account text NOT NULL,
  currency text NOT NULL,
  state text NOT NULL,
  amount numeric(28, 9) NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (transaction_id, account, currency, state, tenant_id)
);

CREATE INDEX ledger_legs_by_time ON ledger_legs (tenant_id, recorded_at);

-- Sums of the legs of a day, in UTC: a balance as of a time reads the days before it and the legs of its own day.
CREATE TABLE ledger_days (
  tenant_id text NOT NULL,
  day date NOT NULL,
  account text NOT NULL,
  currency text NOT NULL,
  posted numeric(28, 9) NOT NULL,
  pending numeric(28, 9) NOT NULL,
  transactions bigint NOT NULL,
  PRIMARY KEY (tenant_id, day, account, currency)
) WITH (fillfactor = 80);

CREATE TABLE ledger_lines (
  tenant_id text NOT NULL,
  transaction_id text NOT NULL,
  line integer NOT NULL,
  charge_id text NOT NULL,
  session_id text,
  meter text NOT NULL,
  resource text NOT NULL,
  quantity bigint NOT NULL,
  unit_price numeric(18, 9),
  price_version integer NOT NULL,
  currency text NOT NULL,
  amount numeric(28, 9) NOT NULL,
  used_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (transaction_id, line, tenant_id)
);

CREATE INDEX ledger_lines_by_time ON ledger_lines (tenant_id, recorded_at);
CREATE INDEX ledger_lines_by_use ON ledger_lines (tenant_id, used_at);
