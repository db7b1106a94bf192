"""The layouts of the house, tried on the sample batch with an entity's own names."""

from dataclasses import replace

from django import forms
from django.http import HttpResponse

from hms_ach.access.queries import facilities_of
from hms_ach.web import Request, offer, page, screen
from ledger.formats import sample_batch
from ledger.formats.layouts import LAYOUTS, SETTINGS, lacking_name
from ledger.queries import gl_settings

# What a person sees of a long output.
_SHOWN = 20_000


class TrialForm(forms.Form):
    entity = forms.ChoiceField(label="Legal entity")
    layout = forms.ChoiceField(
        label="Layout", choices=[(name, layout.label) for name, layout in LAYOUTS.items()]
    )


@screen("ledger.view_mapping")
def layout_trial(request: Request) -> HttpResponse:
    """What a layout makes of the sample batch under the entity's names; nothing is kept."""
    entities = {f.legal_entity.code: f.legal_entity for f in facilities_of(request.user)}
    first = {"entity": next(iter(entities), ""), "layout": next(iter(LAYOUTS))}
    form = TrialForm({name: request.GET.get(name) or value for name, value in first.items()})
    offer(form, "entity", [(code, entity.name) for code, entity in entities.items()])
    context: dict = {"form": form, "made": None}
    if form.is_valid():
        entity, layout = entities[form.cleaned_data["entity"]], LAYOUTS[form.cleaned_data["layout"]]
        names = gl_settings(legal_entity=entity)
        header = replace(sample_batch.HEADER, legal_entity=entity.code, settings=names)
        lacking = lacking_name(form.cleaned_data["layout"], names)
        made = b"" if lacking else b"".join(layout.write(header, sample_batch.lines(), sample_batch.TRAILER))
        context |= {
            "made": made[:_SHOWN].decode(),
            "lacking": lacking,
            "layout": layout,
            "entity": entity,
            "names": [(SETTINGS[name], value) for name, value in names.items()],
        }
    return page(
        request,
        full="ledger/layout/trial.html",
        fragment="ledger/layout/_made.html",
        context=context,
        status=200 if form.is_valid() else 422,
    )
