-- Batches that were built before states, categories and pieces of files were kept are carried over: their
-- lines lead to the account's own number, and the approval of their day was their approval.

ALTER TABLE ledger_glbatchline DISABLE TRIGGER USER;
ALTER TABLE ledger_glbatchfile DISABLE TRIGGER USER;
UPDATE ledger_glbatchline SET segments = ARRAY[account_number] WHERE segments = '{}';
UPDATE ledger_glbatchfile SET size = octet_length(content), extension = layout,
    media_type = CASE layout WHEN 'csv' THEN 'text/csv' ELSE 'application/' || layout END;
INSERT INTO ledger_glbatchchunk (file_id, sequence, content) SELECT id, 1, content FROM ledger_glbatchfile;
INSERT INTO ledger_glbatchstep (batch_id, sequence, state, made_by_id, made_at, reason, journal)
SELECT batch.id, step.sequence, step.state, batch.built_by_id, batch.built_at, '', ''
FROM ledger_glbatch batch
CROSS JOIN (VALUES (1, 'BUILT'), (2, 'VALIDATED'), (3, 'APPROVED')) AS step (sequence, state);
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE ledger_glbatchline ENABLE TRIGGER USER;
ALTER TABLE ledger_glbatchfile ENABLE TRIGGER USER;
