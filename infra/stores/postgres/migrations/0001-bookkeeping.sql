-- Which generation of a view is read. A rebuild makes the next one beside it and changes this row.
CREATE TABLE projection_views (
  view text PRIMARY KEY,
  generation integer NOT NULL CHECK (generation > 0),
  -- Version of the projection that filled the generation from the first record on.
  version integer NOT NULL,
  live_since timestamptz NOT NULL DEFAULT now()
);

-- How far a generation has read. Changes only in the transaction that writes the rows.
CREATE TABLE projection_offsets (
  view text NOT NULL,
  generation integer NOT NULL,
  topic text NOT NULL,
  partition integer NOT NULL,
  -- The first offset that is not in the rows.
  next_offset bigint NOT NULL CHECK (next_offset >= 0),
  PRIMARY KEY (view, generation, topic, partition)
) WITH (fillfactor = 50);

-- How far what readers see has read.
CREATE VIEW projection_positions AS
SELECT o.view, o.topic, o.partition, o.next_offset
FROM projection_offsets o
JOIN projection_views v ON v.view = o.view AND v.generation = o.generation;
