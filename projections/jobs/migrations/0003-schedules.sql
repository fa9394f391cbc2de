ALTER TABLE jobs ADD COLUMN schedule_id text, ADD COLUMN due_at timestamptz;

CREATE INDEX jobs_of_schedule ON jobs (schedule_id, tenant_id, created_at DESC, job_id DESC) WHERE schedule_id IS NOT NULL;
