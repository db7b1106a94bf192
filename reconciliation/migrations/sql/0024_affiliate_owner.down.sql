DROP FUNCTION reconciliation_check_clearing_owner() CASCADE;
