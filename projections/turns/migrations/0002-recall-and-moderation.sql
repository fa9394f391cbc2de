-- Null for a turn whose records carry neither; a rebuild fills them for the others.
ALTER TABLE turns ADD COLUMN recalled jsonb;
ALTER TABLE turns ADD COLUMN moderation jsonb;
