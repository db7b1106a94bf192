"""What a network's banks, terminals and payers would send, with the answer key, and the scorer."""
