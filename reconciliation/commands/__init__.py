"""Changes; the only code that writes.

create_bank_account   an account at a bank, for one facility and currency
import_statement      one file of the bank: statements and their lines, or nothing
pull_expectations     what the till awaits at the bank
match_account         the passes over one account
undo_match            take one match back
open_discrepancies    whatever is past its window becomes a discrepancy
propose, approve, send_back, withdraw      a discrepancy's way to its end, by two people
close_day             the day is done: GL batch built, row sealed
"""
