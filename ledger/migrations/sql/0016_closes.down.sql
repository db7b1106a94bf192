DROP TRIGGER ledger_journal_by_hand ON ledger_journal;
DROP TRIGGER ledger_journalline_by_hand ON ledger_journalline;
DROP FUNCTION ledger_check_journal_by_hand();
DROP FUNCTION ledger_is_kept_by_sub_ledger(bigint, date);
DROP FUNCTION ledger_is_control_role(text);
DROP TRIGGER ledger_yearclose_asked ON ledger_yearclose;
DROP FUNCTION ledger_check_year_close();
DROP TRIGGER ledger_yearcloserequest_decided ON ledger_yearcloserequest;
DROP FUNCTION ledger_check_year_close_request();
{function ledger_check_close_tasks of 0011_close}
DROP TRIGGER ledger_closetask_owner ON ledger_closetask;
DROP FUNCTION ledger_check_task_owner();
DROP TRIGGER ledger_tieout_latest_round ON ledger_tieout;
DROP TRIGGER ledger_closetask_latest_round ON ledger_closetask;
DROP FUNCTION ledger_check_closing_round();
DROP FUNCTION ledger_closing_round(bigint);
