-- One match, made by a person or of one half of a sweep, as make_matches.sql wants it.
SELECT %(public_id)s::text AS public_id, %(pass)s::text AS pass_name, 100 AS score,
       %(reasons)s::jsonb AS reasons, '[]'::jsonb AS considered, %(lines)s::bigint[] AS line_ids,
       %(items)s::bigint[] AS item_ids, %(roles)s::text[] AS roles, %(amounts)s::bigint[] AS amounts,
       %(references)s::text[] AS adjustment_references, %(on)s::date AS effective_on
