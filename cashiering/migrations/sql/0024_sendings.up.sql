GRANT UPDATE (sending) ON cashiering_refund TO {app};

-- What was sent went once, and once more after each return that the bank showed, unless it has not gone since.
UPDATE cashiering_refund refund SET sending = 1 + (
    SELECT count(*) FROM cashiering_advice
    WHERE original = refund.public_id AND bank_confirmed_on IS NOT NULL
) - (refund.state = 'FAILED' AND refund.end_reason LIKE 'Came back: %')::int
WHERE sent_at IS NOT NULL;
