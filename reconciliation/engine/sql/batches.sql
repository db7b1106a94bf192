-- A terminal and the number of its batch together name what is in it (rules/references.py, batch_keys): here the lines
-- that say both.
UPDATE given_line line SET keys = keys || added
  FROM (SELECT id, array_agg(DISTINCT terminal || '#' || substr(word, 6) ORDER BY terminal || '#' || substr(word, 6)) AS added
          FROM (SELECT DISTINCT scope, shared[2] AS terminal FROM given_item WHERE shared[2] <> '' AND batch <> '') named
          JOIN (SELECT id, scope, key, keys FROM given_line, unnest(keys) key) said
            ON said.scope = named.scope AND said.key = named.terminal,
               unnest(said.keys) word
         WHERE word ~ '^BATCH[0-9]{1,6}$' GROUP BY id) together
 WHERE together.id = line.id
