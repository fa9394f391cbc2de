ALTER TABLE files ADD COLUMN workspace text;

CREATE INDEX files_by_workspace ON files (tenant_id, workspace, created_at DESC, file_id DESC) WHERE workspace IS NOT NULL;
