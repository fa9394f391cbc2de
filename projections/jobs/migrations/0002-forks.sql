-- The job whose results it began with, and the step after them.
ALTER TABLE jobs ADD COLUMN forked_from jsonb;
