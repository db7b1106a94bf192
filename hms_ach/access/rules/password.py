"""What a password must be: long, not well known, and nothing else."""

from django.core.exceptions import ValidationError

SHORTEST = 15
LONGEST = 128


class LengthRule:
    """15 to 128 characters of any kind; a validator for AUTH_PASSWORD_VALIDATORS."""

    def validate(self, password: str, user: object = None) -> None:
        if len(password) < SHORTEST:
            raise ValidationError(
                f"This password has fewer than {SHORTEST} characters. Several words are easy to remember.",
                code="password_too_short",
            )
        if len(password) > LONGEST:
            raise ValidationError(
                f"This password has more than {LONGEST} characters. Choose a shorter one.",
                code="password_too_long",
            )

    def get_help_text(self) -> str:
        return f"At least {SHORTEST} characters; several words are best."
