-- A length-prefixed field, so that ("ab", "c") and ("a", "bc") differ; "-" stands for NULL.
CREATE FUNCTION audit_field(value text) RETURNS text LANGUAGE sql IMMUTABLE
AS $$ SELECT CASE WHEN value IS NULL THEN '-,' ELSE octet_length(value) || ':' || value || ',' END $$;

-- The only way to write an event. It runs as the owner; the application's role cannot insert by itself,
-- nor choose the transaction, the epoch, the salt or the digest.
CREATE FUNCTION audit_record(
    new_public_id text, new_at timestamptz, new_action text, new_actor bigint, new_on_behalf_of bigint,
    new_subject_kind text, new_subject text, new_facility bigint, new_request_id text, new_reason text,
    new_before jsonb, new_after jsonb
) RETURNS audit_event LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
    event audit_event;
    new_epoch integer := (SELECT max(number) FROM audit_epoch);
    new_transaction xid8 := pg_current_xact_id();
    new_salt bytea := decode(replace(gen_random_uuid()::text, '-', ''), 'hex');
    new_frozen text;
BEGIN
    IF new_transaction < (SELECT high FROM audit_seal WHERE epoch = new_epoch ORDER BY number DESC LIMIT 1) THEN
        RAISE EXCEPTION 'transaction ids lie before the last seal: the database was restored elsewhere'
            USING HINT = 'Run manage.py start_audit_epoch.';
    END IF;
    new_frozen := audit_field('1') || audit_field(new_public_id) || audit_field(new_epoch::text)
        || audit_field(new_transaction::text)
        || audit_field(to_char(new_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
        || audit_field(new_action)
        || audit_field(new_actor::text)
        || audit_field((SELECT username FROM access_user WHERE id = new_actor))
        || audit_field(new_on_behalf_of::text)
        || audit_field((SELECT username FROM access_user WHERE id = new_on_behalf_of))
        || audit_field(new_subject_kind) || audit_field(new_subject)
        || audit_field(new_facility::text) || audit_field(new_request_id) || audit_field(new_reason)
        || audit_field(new_before::text) || audit_field(new_after::text);
    INSERT INTO audit_event (
        public_id, epoch, transaction, at, action, actor_id, on_behalf_of_id, subject_kind, subject,
        facility_id, request_id, reason, before, after, frozen, salt, digest
    ) VALUES (
        new_public_id, new_epoch, new_transaction, new_at, new_action, new_actor, new_on_behalf_of,
        new_subject_kind, new_subject, new_facility, new_request_id, new_reason, new_before, new_after,
        new_frozen, new_salt, sha256(new_salt || convert_to(new_frozen, 'UTF8'))
    ) RETURNING * INTO event;
    RETURN event;
END $$;

DO $$ BEGIN
    IF '{app}'::regrole <> current_user::regrole THEN
        REVOKE INSERT ON audit_event FROM {app};
    END IF;
END $$;
REVOKE EXECUTE ON FUNCTION audit_record FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_record TO {app};
