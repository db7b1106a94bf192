DROP FUNCTION reconciliation_final_day_by_two() CASCADE;
DROP FUNCTION reconciliation_only_decide_day_correction() CASCADE;
GRANT DELETE, TRUNCATE ON reconciliation_daycorrection TO {app};
