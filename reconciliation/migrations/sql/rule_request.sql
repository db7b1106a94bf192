REVOKE DELETE, TRUNCATE ON reconciliation_rulerequest FROM {app};

-- A request is answered once; who asked, and for what, stays.
CREATE FUNCTION reconciliation_only_answer_request() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    answer text[] := ARRAY['answer_id', 'problem', 'answered_at'];
BEGIN
    IF OLD.answered_at IS NOT NULL OR to_jsonb(NEW) - answer <> to_jsonb(OLD) - answer THEN
        RAISE EXCEPTION 'a request for a try is answered once and never changed'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reconciliation_rulerequest_only_answer BEFORE UPDATE ON reconciliation_rulerequest
    FOR EACH ROW EXECUTE FUNCTION reconciliation_only_answer_request();
