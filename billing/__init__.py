"""The bill: patients, payers, prices, charges, invoices and settlements."""
