DROP TRIGGER ledger_glbatchstep_reversed ON ledger_glbatchstep;
DROP FUNCTION ledger_check_batch_reversed();
DROP TRIGGER ledger_glbatch_reversed_once ON ledger_glbatch;
DROP FUNCTION ledger_check_batch_reversal();
