"""How the API's description is made (docs/openapi.yaml)."""

SPECTACULAR_SETTINGS = {
    "TITLE": "HMS-ACH",
    "DESCRIPTION": "Accounts & Cashiering Hub of a hospital: invoices, payments, bank statements, ledger.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "hms_ach.api.openapi.add_shared_parts",
    ],
    "ENUM_NAME_OVERRIDES": {
        "AdviceKindEnum": "cashiering.api.advice.KINDS",
        "PaymentRequestMethodEnum": "cashiering.api.payment_return.METHODS",
        "KindEnum": "billing.models.Invoice.Kind",
    },
}
