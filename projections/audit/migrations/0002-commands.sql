-- The audit of one command: the records of the chain that it began.
CREATE INDEX audit_of_command ON audit (correlation_id, tenant_id, appended_at, audit_partition, audit_offset);
