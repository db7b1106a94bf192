{function ledger_check_posted_at of 0022_closes_by_two}

-- The condition is looked at without calling the function: a right moment costs next to nothing.
CREATE TRIGGER ledger_entry_posted_now BEFORE INSERT ON ledger_entry FOR EACH ROW
    WHEN (NEW.posted_at NOT BETWEEN transaction_timestamp() AND clock_timestamp())
    EXECUTE FUNCTION ledger_check_posted_at();

{function ledger_check_entries of 0023_plain_entries}

{function ledger_check_postings of 0023_plain_entries}
