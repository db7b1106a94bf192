INSERT INTO night_answer TABLE answer;
UPDATE night_line SET is_settled = true
  FROM (SELECT unnest(line_ids) AS id FROM answer) found WHERE found.id = night_line.id;
UPDATE night_item SET is_settled = true
  FROM (SELECT unnest(item_ids) AS id FROM answer) found WHERE found.id = night_item.id;
INSERT INTO night_fact SELECT %(scope)s, %(night)s, taught.* FROM ({taught}) taught
