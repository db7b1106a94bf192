-- The same checks, each row found by its key. A plan for a set of unknown size read all lines, items and matches
-- there are for each account that was matched; one made while a table was small read all of it for each row.
{function reconciliation_check_matches of 0019_checked_by_key}

-- The header says how many parts it has: one more is refused, and so is a part without a header.
{function reconciliation_check_part_counts of 0019_checked_by_key}
{function reconciliation_line_settles of 0010_open_parts_rules}
{function reconciliation_item_settles of 0010_open_parts_rules}
