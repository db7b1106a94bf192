"""How right the engine is, measured: a few of its matches go to a person each day."""

import secrets
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from hms_ach import audit, clock
from hms_ach.access.models import Facility, User
from hms_ach.refusal import Refusal
from reconciliation.models import Match, MatchRun, MatchSample, SampledMatch
from reconciliation.queries.sample import makers_of
from reconciliation.rules.sampling import draw


class SampleJudged(Refusal):
    code = "sample_judged"
    sentence = "{sample} was judged already. Refresh the list."


class SampleOfOwnWork(Refusal):
    code = "sample_of_own_work"
    status = 403
    sentence = "You worked on something in this match. Somebody who did not must judge it."


class WrongWithoutReason(Refusal):
    code = "wrong_without_reason"
    status = 422
    sentence = "Say what is wrong with the match."


@transaction.atomic
def draw_sample(*, facility: Facility, made_on: date) -> MatchSample:
    """Draw from what the passes made on a calendar day of the facility. The same again when drawn before."""
    Facility.objects.select_for_update(no_key=True).get(pk=facility.pk)
    known = MatchSample.objects.filter(facility=facility, made_on=made_on).first()
    if known is not None:
        return known
    population = _made_on(facility, made_on)
    seed = secrets.randbits(62)
    sample = MatchSample.objects.create(
        facility=facility,
        made_on=made_on,
        seed=seed,
        population={name: len(ids) for name, ids in population.items()},
        drawn_at=clock.now(),
    )
    for name, ids in draw(population, seed=seed).items():
        for match_id in ids:
            SampledMatch.objects.create(sample=sample, match_id=match_id, pass_name=name)
    audit.record(
        "reconciliation.draw_sample",
        actor=None,
        subject=f"{facility.code}:{made_on}",
        facility=facility,
        after={"seed": seed, "population": sample.population},
    )
    return sample


def _made_on(facility: Facility, made_on: date) -> dict[str, list[int]]:
    """The ids of the day's automatic matches by pass, undone ones too: these are the point."""
    start = datetime.combine(made_on, time(), ZoneInfo(facility.timezone))
    runs = MatchRun.objects.filter(
        account__facility=facility, started_at__gte=start, started_at__lt=start + timedelta(days=1)
    )
    rows = Match.objects.filter(run__in=runs, made_by=None).order_by("pass_name", "id")
    population: dict[str, list[int]] = {}
    for name, match_id in rows.values_list("pass_name", "id"):
        population.setdefault(name, []).append(match_id)
    return population


@transaction.atomic
def judge_match(*, sampled_id: int, is_right: bool, note: str = "", actor: User) -> SampledMatch:
    """Say whether a drawn match is right. A wrong one is not undone by it: that is `undo_match`.

    Raises SampleJudged, SampleOfOwnWork, WrongWithoutReason.
    """
    sampled = SampledMatch.objects.select_for_update().get(pk=sampled_id)
    if sampled.is_right is not None:
        raise SampleJudged(sample=sampled.public_id)
    if actor.pk in makers_of(sampled.match):
        raise SampleOfOwnWork()
    if not is_right and not note.strip():
        raise WrongWithoutReason()
    sampled.is_right, sampled.note = is_right, note.strip()[:500]
    sampled.judged_by, sampled.judged_at = actor, clock.now()
    sampled.save(update_fields=["is_right", "note", "judged_by", "judged_at"])
    audit.record(
        "reconciliation.judge_match",
        actor=actor,
        subject=sampled.match,
        reason=sampled.note,
        after={"is_right": is_right},
    )
    return sampled
