DROP TRIGGER cashiering_credit_fixed ON cashiering_credit;
DROP FUNCTION cashiering_credit_fixed();
GRANT UPDATE, DELETE ON cashiering_credit TO {app};
GRANT DELETE ON cashiering_receiptmail TO {app};
{function cashiering_tender_fixed of 0002_till}
