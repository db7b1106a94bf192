-- The end of it as one run over all would leave it.
INSERT INTO given_line SELECT * FROM night_line;
UPDATE given_line SET is_settled = false;
INSERT INTO answer TABLE night_answer;
INSERT INTO set_apart TABLE night_apart
