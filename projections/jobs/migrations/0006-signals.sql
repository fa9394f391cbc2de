-- Name and time of the latest signal: a batch that is cancelled ends after the parts that run.
ALTER TABLE jobs ADD COLUMN last_signal jsonb;
