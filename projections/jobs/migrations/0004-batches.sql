-- The job that runs its input with those of others, and their number.
ALTER TABLE jobs ADD COLUMN batch jsonb;
