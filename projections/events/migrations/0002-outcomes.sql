-- What became of a command: its events by the id of the command, which began their chain.
CREATE INDEX events_of_command ON events ((metadata ->> 'ce_correlationid'), tenant_id, type);
