"""People and service accounts."""

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin, UserManager
from django.db import models


class User(AbstractBaseUser, PermissionsMixin):
    """Whoever acts: a person who signs in, or the service account of an API client."""

    class Kind(models.TextChoices):
        PERSON = "PERSON", "Person"
        SERVICE = "SERVICE", "Service account"

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PERSON)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["email"]
    EMAIL_FIELD = "email"
    is_staff = False

    class Meta:
        constraints = [
            # What somebody may do comes from roles alone; nobody stands above them.
            models.CheckConstraint(condition=models.Q(is_superuser=False), name="access_user_no_superuser"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["PERSON", "SERVICE"]), name="access_user_known_kind"
            ),
        ]

    def __str__(self) -> str:
        return self.username

    def get_full_name(self) -> str:
        return self.name or self.username

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] or self.username
