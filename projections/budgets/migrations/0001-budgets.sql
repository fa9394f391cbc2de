CREATE TABLE budget_accounts (
  tenant_id text PRIMARY KEY,
  -- Since the tenant first had a budget.
  tokens_spent bigint NOT NULL,
  cost_spent numeric(18, 9) NOT NULL,
  -- Reserved for requests that have not ended.
  tokens_held bigint NOT NULL,
  cost_held numeric(18, 9) NOT NULL,
  requests_open bigint NOT NULL,
  updated_at timestamptz NOT NULL
) WITH (fillfactor = 80);

CREATE TABLE budget_days (
  tenant_id text NOT NULL,
  -- In UTC.
  day date NOT NULL,
  requests bigint NOT NULL,
  tokens_spent bigint NOT NULL,
  cost_spent numeric(18, 9) NOT NULL,
  PRIMARY KEY (tenant_id, day)
) WITH (fillfactor = 80);
