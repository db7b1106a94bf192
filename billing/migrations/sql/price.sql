-- Prices. Two prices of one service in one list never share a day. Ranges of one number stand in for
-- equality, so that the core GiST operator class is enough and no extension is needed.
ALTER TABLE billing_price ADD CONSTRAINT billing_price_no_overlap EXCLUDE USING gist (
    int8range(list_id, list_id, '[]') WITH &&,
    int8range(service_id, service_id, '[]') WITH &&,
    daterange(starts_on, ends_on, '[]') WITH &&
);

CREATE FUNCTION billing_price_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(NEW) - 'ends_on' <> to_jsonb(OLD) - 'ends_on' THEN
        RAISE EXCEPTION 'a price never changes; end it and set another' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER billing_price_fixed BEFORE UPDATE OR DELETE ON billing_price
    FOR EACH ROW EXECUTE FUNCTION billing_price_fixed();
