{function ledger_check_entries of 0004_no_hot_rows}

{function ledger_check_postings of 0004_no_hot_rows}

DROP TABLE ledger_announced;
DROP FUNCTION ledger_check_announced();
DROP FUNCTION ledger_announce(bigint, bigint);
{function ledger_check_entry_has_postings of 0002_guards}

CREATE CONSTRAINT TRIGGER ledger_entry_has_postings AFTER INSERT ON ledger_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_check_entry_has_postings();

DROP TRIGGER access_user_stays ON access_user;
DROP TRIGGER access_user_stays_truncate ON access_user;
DROP TRIGGER access_department_stays ON access_department;
DROP TRIGGER access_department_stays_truncate ON access_department;
DROP TRIGGER ledger_user_number_kept ON access_user;
DROP TRIGGER ledger_department_kept ON access_department;
GRANT DELETE ON access_department TO {app};

{function ledger_check_role_move of 0008_chart}
