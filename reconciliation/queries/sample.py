"""Questions about the matches that people look at again."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from hms_ach import audit
from reconciliation.models import Match, MatchSample, SampledMatch
from reconciliation.rules.sampling import Precision, Stratum, precision_of, precision_of_all


@dataclass(frozen=True, slots=True)
class Measured:
    """How right a pass is, as far as people looked again; all passes together in the last row."""

    stratum: Stratum
    precision: Precision


def samples_to_judge(facility_ids: Collection[int]) -> QuerySet[SampledMatch]:
    """Drawn and not judged, the oldest first."""
    rows = SampledMatch.objects.filter(sample__facility_id__in=facility_ids, is_right=None)
    return rows.select_related("sample__facility", "match__account__facility", "match__undo").order_by("id")


def makers_of(match: Match) -> set[int]:
    """Everybody who did anything with its items' documents, its statements or itself. Three queries."""
    items = match.items.order_by("id").values_list("expectation__source_id", flat=True)
    lines = match.lines.order_by("id").values_list("line__statement__public_id", flat=True)
    return audit.actors_of({match.public_id, *items, *lines})


def measured_precision(facility_ids: Collection[int], *, since: date) -> list[Measured]:
    """By pass, with all of them last, of what was made since a day. Two queries."""
    samples = MatchSample.objects.filter(facility_id__in=facility_ids, made_on__gte=since)
    population: dict[str, int] = {}
    for made in samples.order_by("id").values_list("population", flat=True):
        for name, count in made.items():
            population[name] = population.get(name, 0) + count
    drawn = SampledMatch.objects.filter(sample__in=samples).values("pass_name").order_by("pass_name")
    judged = {
        row["pass_name"]: (row["judged"], row["right"])
        for row in drawn.annotate(
            judged=Count("id", filter=Q(is_right__isnull=False)), right=Count("id", filter=Q(is_right=True))
        )
    }
    strata = [Stratum(name, population[name], *judged.get(name, (0, 0))) for name in sorted(population)]
    if not strata:
        return []
    rows = [Measured(stratum, precision_of(stratum)) for stratum in strata]
    whole = Stratum(
        "",
        sum(each.population for each in strata),
        sum(each.judged for each in strata),
        sum(each.right for each in strata),
    )
    return [*rows, Measured(whole, precision_of_all(strata))]
