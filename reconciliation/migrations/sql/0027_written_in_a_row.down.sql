-- As in 0023_checked_in_a_row.up.sql.
{function reconciliation_check_matches of 0023_checked_in_a_row}

-- The header says how many parts it has: one more is refused, and so is a part without a header.
{function reconciliation_check_part_counts of 0023_checked_in_a_row}

-- What settles is found by its key, whatever a plan that was made for another number of rows says.
{function reconciliation_line_settles of 0023_checked_in_a_row}
{function reconciliation_item_settles of 0023_checked_in_a_row}
ALTER FUNCTION reconciliation_line_opens_again() RESET enable_seqscan;
ALTER FUNCTION reconciliation_line_opens_again() RESET enable_hashjoin;
ALTER FUNCTION reconciliation_line_opens_again() RESET enable_mergejoin;
ALTER FUNCTION reconciliation_item_opens_again() RESET enable_seqscan;
ALTER FUNCTION reconciliation_item_opens_again() RESET enable_hashjoin;
ALTER FUNCTION reconciliation_item_opens_again() RESET enable_mergejoin;
ALTER FUNCTION reconciliation_item_changes() RESET enable_seqscan;
ALTER FUNCTION reconciliation_item_changes() RESET enable_hashjoin;
ALTER FUNCTION reconciliation_item_changes() RESET enable_mergejoin;
