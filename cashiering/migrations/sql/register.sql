-- Two agreements of a facility never hold on one day; each ends where the next one starts.
ALTER TABLE cashiering_merchantagreement ADD CONSTRAINT cashiering_merchant_agreement_no_overlap
    EXCLUDE USING gist (int8range(facility_id, facility_id, '[]') WITH &&,
                        daterange(starts_on, ends_on, '[)') WITH &&);
