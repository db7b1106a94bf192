"""The till: registers, sessions, payments, deposits and card batches."""
