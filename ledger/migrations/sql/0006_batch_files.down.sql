-- The columns that these rows fill are dropped by going back further.
DELETE FROM ledger_glbatchstep;
DELETE FROM ledger_glbatchchunk;
