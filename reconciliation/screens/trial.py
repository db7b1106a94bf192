"""Trying a bank before it goes live: two tables in, the engine's answers out; nothing is kept."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django import forms
from django.http import HttpResponse

from hms_ach.refusal import FileRejected, Refusal
from hms_ach.web import Request, page, refuse_on_form, screen
from reconciliation.commands import Trial, trial_match
from reconciliation.formats.trial_table import ITEM_COLUMNS, LINE_COLUMNS, unguarded

LARGEST_MB = 20
SHOWN = 200


class TrialForm(forms.Form):
    lines = forms.FileField(label="Lines of the bank", help_text="CSV, one row for each booked line.")
    expectations = forms.FileField(
        label="Expectations of the hospital", help_text="CSV, one row for each expected item."
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ("lines", "expectations"):
            if name in cleaned and cleaned[name].size > LARGEST_MB * 2**20:
                self.add_error(name, f"Larger than {LARGEST_MB} MB: use manage.py trial_match for it.")
        return cleaned


@screen("reconciliation.trial_match", methods=["GET", "POST"])
def trial(request: Request) -> HttpResponse:
    """The form; after it what the engine would have matched, as a page or as CSV. Stores nothing."""
    form = TrialForm(request.POST or None, request.FILES or None)
    tables = (("Lines of the bank", LINE_COLUMNS), ("Expectations of the hospital", ITEM_COLUMNS))
    context: dict[str, Any] = {"form": form, "tables": tables}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            out, rest, left = io.StringIO(), io.StringIO(), io.StringIO()
            try:
                done = _run(form, out=out, suggestions=rest, left=left)
            except Refusal as refusal:
                refuse_on_form(form, refusal, field=_table_of(refusal))
                status = refusal.status
            else:
                if "csv" in request.POST:
                    return _as_csv(out, "trial-matches")
                if "rest" in request.POST:
                    return _as_csv(rest, "trial-suggestions")
                if "left" in request.POST:
                    return _as_csv(left, "trial-lines-left")
                rows = [_shown(row) for row in _dicts(out, SHOWN)]
                counts = Counter(row["pass"] for row in _dicts(out))
                context |= {"done": done, "rows": rows, "counts": counts.most_common()}
                best = _best(rest)
                context |= {"rest": best[:SHOWN], "suggested": len(best)}
                context["left"] = done.lines - done.matched_lines
                status = 200
    return page(request, full="reconciliation/trial/detail.html", context=context, status=status)


def _run(form: TrialForm, *, out: io.StringIO, suggestions: io.StringIO, left: io.StringIO) -> Trial:
    lines, expectations = (
        io.TextIOWrapper(form.cleaned_data[name].file, encoding="utf-8-sig", newline="")
        for name in ("lines", "expectations")
    )
    return trial_match(lines=lines, expectations=expectations, out=out, suggestions=suggestions, left=left)


def _table_of(refusal: Refusal) -> str | None:
    if not isinstance(refusal, FileRejected):
        return None
    return "expectations" if "expectations" in str(refusal) else "lines"


def _shown(row: dict[str, str]) -> dict[str, str]:
    """One match for the page: `pass` is a word of templates' language, and long lists of ids are cut."""
    items = row["item_ids"].split(";")
    more = f" and {len(items) - 5} more" if len(items) > 5 else ""
    return row | {"pass_name": row["pass"], "items": ", ".join(items[:5]) + more}


def _dicts(out: io.StringIO, most: int | None = None) -> Iterator[dict[str, str]]:
    """The rows of a result as they are for people on a page, which computes nothing."""
    rows = islice(csv.DictReader(io.StringIO(out.getvalue())), most)
    return ({name: unguarded(cell) for name, cell in row.items()} for row in rows)


def _best(rest: io.StringIO) -> list[dict[str, str]]:
    """The first suggestion of each line that is left, for the page."""
    best: dict[str, dict[str, str]] = {}
    for row in _dicts(rest):
        best.setdefault(row["line_id"], row)
    return list(best.values())


def _as_csv(out: io.StringIO, name: str) -> HttpResponse:
    disposition = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8", headers=disposition)
