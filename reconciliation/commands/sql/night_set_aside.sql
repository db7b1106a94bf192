-- All that a trial was given. Names are of the items themselves, and known from the first night on.
CREATE TEMP TABLE night_line ON COMMIT DROP AS TABLE given_line;
CREATE TEMP TABLE night_item ON COMMIT DROP AS SELECT *, false AS is_settled FROM given_item;
CREATE TEMP TABLE night_name ON COMMIT DROP AS TABLE given_fact;
CREATE TEMP TABLE night_fact (scope int, night int, LIKE given_fact) ON COMMIT DROP;
CREATE TEMP TABLE night_answer (LIKE answer) ON COMMIT DROP;
CREATE TEMP TABLE night_apart (LIKE set_apart) ON COMMIT DROP;
CREATE INDEX ON night_line (id);
CREATE INDEX ON night_item (id);
CREATE INDEX ON night_item USING gin (keys);
ANALYZE night_line;
ANALYZE night_item
