"""The role table against the separation of duties: who must not be able to do what."""

from hms_ach.access.roles import PERMISSIONS, Role

MONEY = ("billing", "cashiering", "ledger", "reconciliation")


def may(role: Role) -> set[str]:
    return set(PERMISSIONS[role])


def test_the_administrator_has_no_money_permission():
    assert {name for name in may(Role.ADMINISTRATOR) if name.startswith(MONEY)} == set()


def test_the_auditor_only_looks():
    verbs = {name.partition(".")[2].partition("_")[0] for name in may(Role.AUDITOR)}

    # A surprise audit of a drawer counts it, and changes nothing in it.
    assert verbs <= {"view", "open", "audit"}


def test_a_cashier_approves_closes_and_deposits_nothing():
    forbidden = ("approve", "close", "force", "prepare", "verify", "hand", "manage", "receive")

    assert [name for name in may(Role.CASHIER) if name.partition(".")[2].startswith(forbidden)] == []


def test_whoever_takes_money_never_confirms_it_at_the_bank():
    bank = {"reconciliation.approve", "reconciliation.propose", "reconciliation.import_statement"}

    assert may(Role.CASHIER) & bank == may(Role.HEAD_CASHIER) & bank == set()


def test_a_bank_is_tried_by_who_prepares_and_its_statements_are_taken_in_by_the_reviewer():
    tries = {"reconciliation.inspect_file", "reconciliation.trial_match"}
    people = set(Role) - {Role.INTEGRATOR}

    assert {role for role in people if may(role) & tries} == {Role.FINANCE_REVIEWER, Role.CONTROLLER}
    assert {role for role in people if "reconciliation.import_statement" in may(role)} == {
        Role.FINANCE_REVIEWER
    }


def test_a_bag_is_prepared_at_the_till_and_verified_by_finance():
    preparers = {role for role in Role if "cashiering.prepare_deposit" in may(role)}
    verifiers = {role for role in Role if "cashiering.verify_deposit" in may(role)}

    assert preparers == {Role.HEAD_CASHIER}
    assert verifiers == {Role.FINANCE_REVIEWER}


def test_a_large_difference_is_the_controllers():
    large = "cashiering.approve_large_variance"

    assert {role for role in Role if large in may(role)} == {Role.CONTROLLER}


def test_an_api_client_approves_nothing():
    assert [name for name in may(Role.INTEGRATOR) if "approve" in name] == []
