"""Addresses of signing in, mounted at /accounts/. What allauth offers beyond these is not there."""

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.urls import path

from hms_ach.access.screens import screen_lock, sign_in

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", sign_in.sign_out, name="account_logout"),
    path("lock/", screen_lock.lock, name="lock"),
    path("unlock/", screen_lock.unlock, name="unlock"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", sign_in.not_offered, name="account_set_password"),
    path("signup/", sign_in.not_offered, name="account_signup"),
    path("second-factor/", second_factor.index, name="mfa_index"),
    path("second-factor/authenticate/", second_factor.authenticate, name="mfa_authenticate"),
    path("second-factor/reauthenticate/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("second-factor/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("second-factor/app/removal/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("second-factor/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("second-factor/codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
]
