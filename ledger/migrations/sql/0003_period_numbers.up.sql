-- Until now every period was a calendar month of a calendar year.
UPDATE ledger_period SET fiscal_year = extract(year FROM starts_on), number = extract(month FROM starts_on);
