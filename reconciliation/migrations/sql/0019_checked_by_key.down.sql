{function reconciliation_check_matches of 0003_checked_by_the_set}

-- The header says how many parts it has: one more is refused, and so is a part without a header.
{function reconciliation_check_part_counts of 0003_checked_by_the_set}
