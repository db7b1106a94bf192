-- The columns go; nothing to undo.
SELECT 1;
