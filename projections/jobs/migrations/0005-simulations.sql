-- The constitution under which a job is simulated, and the job whose record answers it.
ALTER TABLE jobs ADD COLUMN simulation jsonb;
