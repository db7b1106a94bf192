"""The test databases keep their own promises."""

import threading
import urllib.request

import psycopg
import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, connections

from hms_ach.access.models import LegalEntity


def _count() -> int:
    return LegalEntity.objects.filter(code="ZZ").count()


@pytest.mark.django_db
@pytest.mark.parametrize("round_number", [1, 2])
def test_a_plain_test_is_rolled_back(round_number):
    LegalEntity.objects.create(code="ZZ", name="Nobody")

    assert _count() == 1


@pytest.mark.parametrize("round_number", [1, 2])
def test_an_own_database_is_fresh_and_seen_by_other_threads(own_database, round_number):
    seen = []

    LegalEntity.objects.create(code="ZZ", name="Nobody")
    thread = threading.Thread(target=lambda: (seen.append(_count()), connections.close_all()))
    thread.start()
    thread.join()

    assert seen == [1]


@pytest.mark.django_db
def test_an_own_database_does_not_disturb_a_rolled_back_one(own_database):
    LegalEntity.objects.create(code="ZZ", name="Nobody")

    assert _count() == 1
    assert ContentType.objects.exists()


def test_the_application_neither_owns_nor_creates_tables(own_database):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, count(*) FROM pg_tables WHERE tableowner = current_user")
        assert cursor.fetchone() == ("hms_ach_app", 0)
        with pytest.raises(Exception, match="permission denied"):
            cursor.execute("CREATE TABLE mine (id int)")


def test_the_owner_is_another_role_on_the_same_database(own_database, owner_connection):
    with owner_connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_database()")
        assert cursor.fetchone() == ("hms_ach_owner", own_database)


def test_the_site_answers_from_the_own_database(site):
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{site}/no-such-page")

    assert refused.value.code == 404


def test_a_wrong_password_is_refused(own_database):
    url = connection.settings_dict

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(
            host=url["OPTIONS"]["host"], user="hms_ach_app", password="wrong", dbname=own_database
        )
