DROP TRIGGER ledger_glbatchchunk_new ON ledger_glbatchchunk;
DROP FUNCTION ledger_check_batch_chunk();
DROP TRIGGER ledger_glbatchfile_new ON ledger_glbatchfile;
DROP FUNCTION ledger_check_batch_file();
ALTER TABLE ledger_glbatchfile DROP COLUMN made_in;
CREATE TRIGGER ledger_glbatchfile_new AFTER INSERT ON ledger_glbatchfile
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_batch_is_new();
{function ledger_check_batch of 0002_guards}
DROP TRIGGER ledger_glbatchstep_follows ON ledger_glbatchstep;
DROP FUNCTION ledger_check_batch_step();
DROP FUNCTION ledger_batch_state(bigint);
DROP TRIGGER ledger_mappingstep_follows ON ledger_mappingstep;
DROP FUNCTION ledger_check_mapping_step();
ALTER TABLE ledger_mappingrule DROP CONSTRAINT ledger_mappingrule_no_overlap;
DROP FUNCTION ledger_mapping_key(text, bigint, text, text);
GRANT UPDATE ON ledger_mappingrule TO {app};
GRANT DELETE ON ledger_glaccount TO {app};
DROP TRIGGER ledger_mappingrule_draft ON ledger_mappingrule;
DROP FUNCTION ledger_check_mapping_rule();
DROP FUNCTION ledger_mapping_state(bigint);
