{function reconciliation_check_part_counts of 0027_written_in_a_row}
ALTER FUNCTION reconciliation_check_part_counts() SET search_path = pg_catalog, public, pg_temp;
