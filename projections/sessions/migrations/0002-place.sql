-- Null for a session whose records carry no place; a rebuild fills it for the others.
ALTER TABLE sessions ADD COLUMN place text;
