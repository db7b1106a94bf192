"""Addresses of the cashiering screens, mounted at /cashiering/."""

from django.urls import path

from cashiering.screens import (
    card_batch,
    deposit,
    my_session,
    payment,
    register,
    register_admin,
    session,
    terminal_request,
)

app_name = "cashiering"

urlpatterns = [
    path("register/", register.register, name="register"),
    path("register/payment/", register.pay, name="register-payment"),
    path("terminal-requests/<str:public_id>/answer/", terminal_request.answer, name="terminal-answer"),
    path("terminal-requests/<str:public_id>/void/", terminal_request.voidance, name="terminal-voidance"),
    path("my-session/", my_session.my_session, name="my-session"),
    path("my-session/opening/", my_session.opening, name="session-opening"),
    path("my-session/opening-count/", my_session.opening_count, name="session-opening-count"),
    path("my-session/movement/", my_session.movement, name="session-movement"),
    path("my-session/counting/", my_session.counting, name="session-counting"),
    path("my-session/count/", my_session.count, name="session-count"),
    path("sessions/", session.session_list, name="session-list"),
    path("sessions/<str:public_id>/", session.session_detail, name="session-detail"),
    path("sessions/<str:public_id>/explanation/", my_session.explanation, name="session-explanation"),
    path("sessions/<str:public_id>/approval/", session.approval, name="session-approval"),
    path("sessions/<str:public_id>/variance/", session.variance_approval, name="session-variance"),
    path("sessions/<str:public_id>/forced-close/", session.forced_close, name="session-forced-close"),
    path("sessions/<str:public_id>/forced-count/", session.forced_count, name="session-forced-count"),
    path("payments/", payment.payment_list, name="payment-list"),
    path("payments/<str:public_id>/", payment.payment_detail, name="payment-detail"),
    path("payments/<str:public_id>/void/", payment.voidance, name="payment-void"),
    path("payments/<str:public_id>/void-approval/", payment.void_approval, name="payment-void-approval"),
    path("payments/<str:public_id>/receipt/", payment.receipt, name="payment-receipt"),
    path("payments/<str:public_id>/receipt.pdf", payment.pdf, name="payment-pdf"),
    path("payments/<str:public_id>/receipt.bin", payment.escpos, name="payment-escpos"),
    path("deposits/", deposit.deposit_list, name="deposit-list"),
    path("deposits/new/<str:code>/", deposit.preparation, name="deposit-preparation"),
    path("deposits/<str:public_id>/", deposit.deposit_detail, name="deposit-detail"),
    path("deposits/<str:public_id>/verification/", deposit.verification, name="deposit-verification"),
    path("deposits/<str:public_id>/handover/", deposit.handover, name="deposit-handover"),
    path("card-batches/", card_batch.card_batch_list, name="card-batch-list"),
    path("card-batches/<str:public_id>/closing/", card_batch.closing, name="card-batch-closing"),
    path("registers/", register_admin.register_list, name="register-list"),
    path("registers/new/", register_admin.addition, name="register-addition"),
    path("registers/<str:public_id>/", register_admin.change, name="register-change"),
]
