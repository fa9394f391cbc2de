-- The install of a capsule that the run is of, as <tenant>/<name>.
ALTER TABLE agent_runs ADD COLUMN install text;
ALTER TABLE agent_runs ADD COLUMN capsule_id text;
CREATE INDEX agent_runs_by_install ON agent_runs (tenant_id, install, created_at DESC) WHERE install IS NOT NULL;
