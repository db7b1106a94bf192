"""The benchmark's arithmetic."""

import json

from tests.benchmarks.figures import beside, interleaved_medians, percentile, within


def test_a_figure_beside_its_peer_carries_the_whole_schema():
    figure = beside(
        "ledger",
        "entries",
        value=900,
        unit="entries/s",
        against="pgbench",
        against_value=1000,
        ratio_at_least=0.8,
    )

    assert json.loads(figure.as_json()) == {
        "bench": "ledger",
        "figure": "entries",
        "value": 900,
        "unit": "entries/s",
        "against": "pgbench",
        "against_value": 1000,
        "ratio": 0.9,
        "aim": "ratio at least 0.8",
        "met": True,
    }


def test_a_figure_over_its_limit_is_not_met():
    assert within("screens", "p95", value=151, unit="ms", limit=150).met is False


def test_contestants_take_turns_and_their_median_counts():
    turns = []
    figures = {"a": iter([99, 1, 2, 9]), "b": iter([99, 5, 7, 6])}

    def contestant(name):
        return lambda: (turns.append(name), next(figures[name]))[1]

    medians = interleaved_medians({name: contestant(name) for name in "ab"}, repetitions=3)

    assert medians == {"a": 2, "b": 6}
    assert turns == list("abababab")


def test_percentiles_are_values_that_occurred():
    values = [float(n) for n in range(1, 101)]

    assert (percentile(values, 0.5), percentile(values, 0.95), percentile([7.0], 0.95)) == (50.0, 95.0, 7.0)
