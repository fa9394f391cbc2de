-- The program that takes the place of the model.
ALTER TABLE agent_runs ADD COLUMN program text;
-- The run and the call at which it begins, as <run>/<step>.
ALTER TABLE agent_runs ADD COLUMN forked_from text;
