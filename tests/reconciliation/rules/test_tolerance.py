"""What a bank may show more or less."""

from reconciliation.rules.tolerance import COMMON, tolerated


def test_a_bag_may_be_counted_twenty_dollars_off_either_way():
    short = tolerated(COMMON, "cash", amount_minor=900_00, fee_minor=0, shown_minor=880_00)
    over = tolerated(COMMON, "cash", amount_minor=900_00, fee_minor=0, shown_minor=905_00)

    assert short is not None
    assert over is not None
    assert (short.role, short.difference_minor, over.difference_minor) == ("cash.over_short", 20_00, -5_00)


def test_a_processor_may_only_keep_more_and_its_contracted_fee_stands_apart():
    kept = tolerated(COMMON, "card_batch", amount_minor=1_000_00, fee_minor=21_50, shown_minor=974_00)

    assert kept is not None
    assert (kept.fee_minor, kept.difference_minor, kept.role) == (21_50, 4_50, "fee.merchant")
    assert tolerated(COMMON, "card_batch", amount_minor=1_000_00, fee_minor=0, shown_minor=1_001_00) is None


def test_a_remittance_tolerates_nothing():
    assert tolerated(COMMON, "remittance", amount_minor=1_000_00, fee_minor=0, shown_minor=999_99) is None


def test_nothing_is_tolerated_where_nothing_was_set():
    assert tolerated((), "cash", amount_minor=1_000_00, fee_minor=0, shown_minor=999_99) is None


def test_an_insurers_transfer_tolerates_nothing_whatever_its_kind_is_called():
    for kind in ("era_deposit", "EFT deposit", "lockbox remittance"):
        assert tolerated(COMMON, kind, amount_minor=1_000_00, fee_minor=0, shown_minor=999_99) is None
    assert tolerated(COMMON, "deposit left", amount_minor=1_000_00, fee_minor=0, shown_minor=999_99)
