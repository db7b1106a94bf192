"""How probable it is that amounts agree by chance."""

from reconciliation.rules.chance import Amounts, lattice_of


def test_an_amount_lies_on_its_own_lattice():
    assert [lattice_of(each) for each in (50_00, 51_00, 51_37)] == [500, 100, 1]


def test_a_copay_is_more_probable_than_an_odd_amount_near_it():
    amounts = Amounts([50_00] * 30 + [51_37] + list(range(40_00, 60_00, 13)))

    assert amounts.share(50_00) > 10 * amounts.share(51_37)


def test_an_amount_beyond_all_others_is_not_impossible():
    assert Amounts([10_00, 20_00]).share(9_999_999) > 0


def test_without_any_amounts_everything_is_probable():
    assert Amounts([]).share(1) == 1.0
