-- session or caller.
ALTER TABLE approval_grants ADD COLUMN reach text;
