"""People: who they are, what they may do, and where."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect

from hms_ach.access.commands import (
    create_user,
    grant_facility,
    grant_role,
    reinstate_user,
    revoke_facility,
    revoke_role,
    suspend_user,
)
from hms_ach.access.models import DeskCode, Facility, User
from hms_ach.access.queries import facilities_of, people, role_grants_of
from hms_ach.access.roles import Role
from hms_ach.access.screens.forms import FacilityForm, ReasonForm, RoleFilter, RoleForm, UserForm
from hms_ach.refusal import Refusal
from hms_ach.web import Request, asked_page, page, refuse_on_form, screen

PAGE_SIZE = 50


@screen("access.view_user")
def user_list(request: Request) -> HttpResponse:
    """Everybody who may sign in. Four SQL queries with the session's own."""
    filters = RoleFilter(request.GET)
    wanted = filters.cleaned_data if filters.is_valid() else {}
    rows = people(text=wanted.get("q", ""), role=wanted.get("role", ""))
    return page(
        request,
        full="access/user/list.html",
        fragment="access/user/_table.html",
        context={
            "filter_form": filters,
            "filters_set": any(wanted.values()),
            "may_change": request.user.has_perm("access.create_user"),
            "page": Paginator(rows, PAGE_SIZE).get_page(asked_page(request)),
        },
    )


@screen("access.create_user", ("GET", "POST"))
def user_create(request: Request) -> HttpResponse:
    """A new person, at first without a role and without a facility."""
    form = UserForm(request.POST or None)
    if form.is_valid():
        try:
            user = create_user(actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            refuse_on_form(form, refusal, field="username")
        else:
            messages.success(request, f"{user.get_full_name()} can sign in. Now give a role and a facility.")
            return _to(user)
    return page(request, full="access/user/create.html", context={"form": form})


@screen("access.view_user")
def user_detail(request: Request, username: str) -> HttpResponse:
    """One person with roles held and had, and the facilities open to that person."""
    return _detail(request, _person(username))


@screen("access.grant_role", ("POST",))
def role_grant(request: Request, username: str) -> HttpResponse:
    """Give a role; a conflict with one that is held is explained at the form."""
    user, form = _person(username), RoleForm(request.POST)
    if form.is_valid():
        try:
            grant = grant_role(user=user, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            refuse_on_form(form, refusal, field="role")
        else:
            messages.success(request, f"{user.get_full_name()} is {grant.get_role_display().lower()} now.")
            return _to(user)
    return _detail(request, user, role_form=form)


@screen("access.revoke_role", ("POST",))
def role_revocation(request: Request, username: str, role: str) -> HttpResponse:
    """Take a role back."""
    user = _person(username)
    if role not in Role.values:
        raise Http404
    grant = revoke_role(user=user, role=role, actor=request.user, reason=request.POST.get("reason", "")[:200])
    messages.success(request, f"{user.get_full_name()} is no longer {grant.get_role_display().lower()}.")
    return _to(user)


@screen("access.grant_facility", ("POST",))
def facility_grant(request: Request, username: str) -> HttpResponse:
    """Open a facility to somebody."""
    user, form = _person(username), FacilityForm(request.POST)
    if not form.is_valid():
        return _detail(request, user, facility_form=form)
    grant_facility(user, form.cleaned_data["facility"], actor=request.user)
    messages.success(request, f"{user.get_full_name()} works in {form.cleaned_data['facility']} now.")
    return _to(user)


@screen("access.revoke_facility", ("POST",))
def facility_revocation(request: Request, username: str, code: str) -> HttpResponse:
    """Close a facility to somebody."""
    user, facility = _person(username), get_object_or_404(Facility, code=code)
    revoke_facility(user, facility, actor=request.user)
    messages.success(request, f"{user.get_full_name()} no longer works in {facility}.")
    return _to(user)


@screen("access.suspend_user", ("POST",))
def suspension(request: Request, username: str) -> HttpResponse:
    """Suspend somebody, or end the suspension, with a reason."""
    user, form = _person(username), ReasonForm(request.POST)
    if not form.is_valid() or user == request.user:
        if user == request.user:
            form.add_error(None, "Nobody suspends himself or herself. Ask another administrator.")
        return _detail(request, user, reason_form=form)
    change = suspend_user if user.is_active else reinstate_user
    change(user=user, actor=request.user, **form.cleaned_data)
    return _to(user)


def _detail(request: Request, user: User, **failed) -> HttpResponse:
    """The person's page, with the form that was refused, if any, in place of an empty one."""
    forms = {"role_form": RoleForm(), "facility_form": FacilityForm(), "reason_form": ReasonForm()} | failed
    return page(
        request,
        full="access/user/detail.html",
        context={
            "person": user,
            "state": "ACTIVE" if user.is_active else "SUSPENDED",
            "may_change": request.user.has_perm("access.grant_role"),
            "grants": role_grants_of(user),
            "facilities": facilities_of(user),
            "code": DeskCode.objects.filter(user=user).first(),
            "form": next(iter(failed.values()), None),
            **forms,
        },
        status=422 if failed else 200,
    )


def _person(username: str) -> User:
    return get_object_or_404(User, username=username, kind=User.Kind.PERSON)


def _to(user: User) -> HttpResponseRedirect:
    return redirect("access:user-detail", username=user.username)
