"""Batches on their way to the general ledger, over a real SFTP server and a folder."""

import hashlib
from datetime import timedelta

import paramiko
import pytest
from django.db import DatabaseError, connection, transaction

from hms_ach import clock
from hms_ach.outbox.models import Event
from ledger.commands import (
    acknowledge_gl_batch,
    approve_delivery_profile,
    approve_gl_batch,
    approve_profile,
    build_gl_batch,
    deliver,
    queue_automatic_deliveries,
    queue_delivery,
    rebuild_gl_batch,
    reject_gl_batch,
    retire_delivery_profile,
    reverse_gl_batch,
    set_gl_settings,
    try_delivery_profile,
    write_delivery_profile,
    write_profile,
)
from ledger.commands.delivery import (
    DeliveredAlready,
    DeliveryNameWrong,
    DeliveryProfileNotInForce,
    DeliveryUnderWay,
    DeliveryWithoutFile,
)
from ledger.commands.delivery_hand import drop_delivery
from ledger.commands.delivery_profile import (
    DeliveryProfileByWriter,
    DeliveryProfileDecided,
    DeliveryProfileWrong,
    DestinationUnreachable,
)
from ledger.models import DeliveryProfile, DeliveryProfileApproval, GlBatchDelivery
from ledger.queries import GlBatchNotReleased, deliveries_owed, gl_batch, gl_batch_file
from ledger.rules.delivery import TRIES
from tests.make import ledger as make
from tests.make.erp_server import erp_server

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def places(settings, tmp_path):
    settings.GL_ALLOW_LOOPBACK, settings.GL_FOLDERS = True, str(tmp_path / "gl")
    (tmp_path / "gl" / "oracle").mkdir(parents=True)
    return tmp_path / "gl"


@pytest.fixture
def facility():
    return make.book(code="NORTH")


@pytest.fixture
def gil():
    return make.person("gil")


@pytest.fixture
def hana():
    return make.person("hana")


@pytest.fixture
def batch(facility):
    make.entry(facility)
    return make.released_batch(facility)


@pytest.fixture
def erp(tmp_path):
    (tmp_path / "inbound").mkdir()
    with erp_server(tmp_path / "inbound") as server:
        yield server


def written(facility, gil, **more) -> DeliveryProfile:
    values = {"code": "live", "way": "FOLDER", "place": "oracle", "layout": "workday", "reason": "Go-live"}
    values |= {"name_pattern": "{number}.{extension}"}
    return write_delivery_profile(legal_entity=facility.legal_entity, actor=gil, **(values | more))


def approved(facility, gil, hana, **more) -> DeliveryProfile:
    profile = written(facility, gil, **more)
    approve_delivery_profile(profile=profile, actor=hana)
    return profile


def test_oracles_layout_needs_the_number_of_its_ledger(facility, gil, hana, batch):
    names = {"oracle_ledger_id": "300000046975971"}
    with pytest.raises(DeliveryProfileWrong, match="Oracle FBDI needs the Oracle ledger id"):
        written(facility, gil, layout="fbdi")
    set_gl_settings(legal_entity=facility.legal_entity, values=names, actor=gil)
    profile = approved(facility, gil, hana, layout="fbdi")

    assert gl_batch_file(batch, "fbdi") is None
    with pytest.raises(DeliveryWithoutFile, match="Set it under Names in layouts"):
        queue_delivery(batch=batch, profile=profile, actor=hana)
    rejected = reject_gl_batch(batch=batch, reason="No ledger id", actor=hana)
    again = rebuild_gl_batch(batch=rejected, actor=gil)
    approve_gl_batch(batch=again, actor=hana)
    assert queue_delivery(batch=again, profile=profile, actor=hana).file.layout == "fbdi"


def by_sftp(facility, gil, hana, erp, **more) -> DeliveryProfile:
    said = {"way": "SFTP", "place": erp.place, "username": "hms", "secret": erp.password}
    return approved(facility, gil, hana, **(said | {"host_key": erp.host_key_line} | more))


def sent(delivery: GlBatchDelivery) -> GlBatchDelivery:
    """What became of it at this try."""
    deliver(delivery_id=delivery.pk)
    return GlBatchDelivery.objects.get(pk=delivery.pk)


def due(delivery: GlBatchDelivery) -> GlBatchDelivery:
    """The next try, when its time has come."""
    with clock.at(GlBatchDelivery.objects.get(pk=delivery.pk).next_try_at + timedelta(seconds=1)):
        return sent(delivery)


def state(batch):
    return gl_batch(public_id=batch.public_id, facility_ids=[batch.facility_id]).state


def test_a_batch_goes_whole_over_sftp_and_is_exported_then(facility, gil, hana, batch, erp):
    profile = by_sftp(facility, gil, hana, erp)

    delivery = sent(queue_delivery(batch=batch, profile=profile, actor=gil))

    name = f"{batch.number}.csv"
    assert (delivery.state, delivery.remote_name, erp.names()) == ("SENT", name, [name])
    content = (erp.root / name).read_bytes()
    assert hashlib.sha256(content).hexdigest() == delivery.sha256 == gl_batch_file(batch, "workday").sha256
    assert state(batch) == "EXPORTED"
    assert Event.objects.get(type="gl_batch.delivered").data["sha256"] == delivery.sha256


def test_a_batch_goes_whole_into_a_folder(facility, gil, hana, batch, places):
    profile = approved(facility, gil, hana)

    delivery = sent(queue_delivery(batch=batch, profile=profile, actor=gil))

    (path,) = (places / "oracle").iterdir()
    assert (delivery.state, path.name) == ("SENT", f"{batch.number}.csv")
    assert hashlib.sha256(path.read_bytes()).hexdigest() == delivery.sha256


def test_a_profile_of_ones_own_layout_is_delivered(facility, gil, hana, batch, places):
    source = "function transform(document) { return document.batch.number }"
    layout = write_profile(
        legal_entity=facility.legal_entity,
        code="own",
        language="JS",
        source=source,
        media_type="text/plain",
        extension="txt",
        reason="Ours",
        actor=gil,
    )
    approve_profile(profile=layout, actor=hana)
    profile = approved(facility, gil, hana, layout="profile:own")

    delivery = sent(queue_delivery(batch=batch, profile=profile, actor=gil))

    assert (places / "oracle" / delivery.remote_name).read_text() == batch.number


def test_nothing_goes_twice_unsaid(facility, gil, hana, batch, places):
    profile = approved(facility, gil, hana)
    delivery = queue_delivery(batch=batch, profile=profile, actor=gil)

    with pytest.raises(DeliveryUnderWay):
        queue_delivery(batch=batch, profile=profile, actor=gil)
    sent(delivery)
    assert deliver(delivery_id=delivery.pk) is None
    with pytest.raises(DeliveredAlready, match=r"went to live already .sent"):
        queue_delivery(batch=batch, profile=profile, actor=gil)
    newer = approved(facility, gil, hana, reason="Another version is the same destination")
    with pytest.raises(DeliveredAlready):
        queue_delivery(batch=batch, profile=newer, actor=gil)
    again = sent(queue_delivery(batch=batch, profile=newer, actor=gil, reason="They lost the file"))

    assert (again.repeat, again.reason, again.remote_name) == (
        1,
        "They lost the file",
        f"{batch.number}-2.csv",
    )
    assert len(list((places / "oracle").iterdir())) == 2


def test_a_version_counts_when_another_person_approves_it_until_it_is_retired(facility, gil, hana, batch):
    profile = written(facility, gil)

    with pytest.raises(DeliveryProfileByWriter):
        approve_delivery_profile(profile=profile, actor=gil)
    with pytest.raises(DeliveryProfileNotInForce):
        queue_delivery(batch=batch, profile=profile, actor=gil)
    approve_delivery_profile(profile=profile, actor=hana)
    waiting = queue_delivery(batch=batch, profile=profile, actor=gil)
    retire_delivery_profile(profile=profile, actor=gil)

    assert sent(waiting).state == "DROPPED"
    with pytest.raises(DeliveryProfileNotInForce):
        queue_delivery(batch=batch, profile=profile, actor=gil, reason="Again")
    with pytest.raises(DeliveryProfileDecided):
        retire_delivery_profile(profile=profile, actor=gil)


def test_only_a_released_batch_goes_and_a_rejected_one_is_dropped(facility, gil, hana):
    make.entry(facility)
    profile = approved(facility, gil, hana)
    unapproved = build_gl_batch(facility=facility, business_on=make.DAY, actor=None)
    with pytest.raises(GlBatchNotReleased):
        queue_delivery(batch=unapproved, profile=profile, actor=gil)
    make.entry(facility)
    released = make.released_batch(facility)
    waiting = queue_delivery(batch=released, profile=profile, actor=gil)
    reject_gl_batch(batch=released, reason="Wrong day", actor=hana)

    dropped = sent(waiting)

    assert (dropped.state, dropped.problem) == ("DROPPED", "the batch is rejected")
    assert Event.objects.get(type="gl_batch.not_delivered").data["state"] == "DROPPED"


def test_a_reversed_batch_goes_nowhere_though_its_bytes_may_still_be_read(facility, gil, hana, batch):
    profile = approved(facility, gil, hana)
    acknowledge_gl_batch(batch=batch, outcome="posted", journal="JE-1", actor=gil)
    mirror = approve_gl_batch(batch=reverse_gl_batch(batch=batch, reason="Year", actor=gil), actor=hana)
    acknowledge_gl_batch(batch=mirror, outcome="posted", journal="JE-2", actor=gil)

    with pytest.raises(GlBatchNotReleased, match="reversed"):
        queue_delivery(batch=batch, profile=profile, actor=gil)

    assert not GlBatchDelivery.objects.exists()


def test_a_layout_that_the_batch_was_never_written_in_goes_nowhere(facility, gil, hana, batch):
    """As a profile of an older release might name it: today nobody writes such a one."""
    profile = DeliveryProfile.objects.create(
        legal_entity=facility.legal_entity,
        code="old",
        version=1,
        way="FOLDER",
        place="oracle",
        layout="edifact",
        name_pattern="{number}.{extension}",
        reason="Ours",
        written_by=gil,
        written_at=clock.now(),
    )
    approve = DeliveryProfileApproval.objects.create
    approve(profile=profile, approved_by=hana, approved_at=clock.now())

    with pytest.raises(DeliveryProfileNotInForce):
        queue_delivery(batch=batch, profile=profile, actor=gil)

    assert not GlBatchDelivery.objects.exists()


def test_a_name_that_grows_too_long_for_a_file_is_refused(gil, hana):
    facility = make.book(code="NORTHWEST1")
    make.entry(facility)
    profile = approved(facility, gil, hana, name_pattern="{number}" * 5)

    with pytest.raises(DeliveryNameWrong, match="cannot be the name of a file"):
        queue_delivery(batch=make.released_batch(facility), profile=profile, actor=gil)

    assert not GlBatchDelivery.objects.exists()


@pytest.mark.parametrize("fault", ["upload", "full", "denied", "before placing"])
def test_a_try_that_fails_leaves_no_half_file_and_is_made_again(facility, gil, hana, batch, erp, fault):
    delivery = queue_delivery(batch=batch, profile=by_sftp(facility, gil, hana, erp), actor=gil)
    erp.breaks = fault
    failed = sent(delivery)
    assert erp.names() in ([], [f".{delivery.remote_name}.part"])
    assert (failed.state, state(batch)) == ("FAILED", "APPROVED")

    assert deliver(delivery_id=delivery.pk) is None
    assert due(delivery).state == "SENT"
    assert erp.names() == [delivery.remote_name]
    assert [bool(each.problem) for each in delivery.attempts.order_by("number")] == [True, False]


@pytest.fixture
def broke_after_placing(facility, gil, hana, batch, erp):
    """A delivery whose file got its name just before the connection ended."""
    delivery = queue_delivery(batch=batch, profile=by_sftp(facility, gil, hana, erp), actor=gil)
    erp.breaks = "after placing"
    return delivery


def test_a_file_that_arrived_before_the_connection_broke_is_not_sent_again(broke_after_placing, erp):
    failed = sent(broke_after_placing)
    assert "connection broke" in failed.problem
    before = (erp.root / failed.remote_name).stat().st_mtime_ns

    assert due(failed).state == "SENT"
    assert erp.names() == [failed.remote_name]
    assert (erp.root / failed.remote_name).stat().st_mtime_ns == before


def test_whoever_ends_it_then_is_told_that_the_file_may_stand_there(broke_after_placing, gil):
    failed = sent(broke_after_placing)

    ended = drop_delivery(delivery=failed, reason="Sent by mail", actor=gil)

    assert ended.problem.startswith("A try broke as the file was put in place: look for it there")
    assert ended.problem.endswith(" Sent by mail")


def test_a_file_that_may_have_been_taken_is_for_a_person_to_look_for(broke_after_placing, erp):
    erp.is_taking = True
    failed = sent(broke_after_placing)
    assert failed.state == "FAILED"

    unknown = due(failed)

    assert (unknown.state, erp.names()) == ("GIVEN_UP", [])
    assert "may have been taken" in unknown.problem


def test_another_file_of_that_name_is_never_overwritten(facility, gil, hana, batch, erp):
    delivery = queue_delivery(batch=batch, profile=by_sftp(facility, gil, hana, erp), actor=gil)
    (erp.root / delivery.remote_name).write_bytes(b"theirs")

    failed = sent(delivery)

    assert "another file of that name" in failed.problem
    assert (erp.root / delivery.remote_name).read_bytes() == b"theirs"


def test_a_server_that_stays_away_is_given_up_after_the_last_try(facility, gil, hana, batch, erp):
    delivery = queue_delivery(batch=batch, profile=by_sftp(facility, gil, hana, erp), actor=gil)
    erp.password = "another one"

    states = [sent(delivery).state, *(due(delivery).state for _ in range(TRIES - 1))]

    assert states == ["FAILED"] * (TRIES - 1) + ["GIVEN_UP"]
    assert delivery.attempts.count() == TRIES
    with pytest.raises(DeliveredAlready, match="given up"):
        queue_delivery(batch=batch, profile=delivery.profile, actor=gil)


def test_a_server_with_another_key_gets_no_secret(facility, gil, hana, erp):
    other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ5Mlx0rvhYBSUSZ3W2FxkS8hYBSUSZ3W2FxkS8hYBSU"
    profile = by_sftp(facility, gil, hana, erp, host_key=other)

    with pytest.raises(DestinationUnreachable, match="another key"):
        try_delivery_profile(profile=profile, actor=gil)


def test_a_key_of_another_kind_and_a_wrong_password_are_told_as_what_they_are(facility, gil, hana, erp):
    profile = by_sftp(facility, gil, hana, erp, secret="wrong")
    with pytest.raises(DestinationUnreachable, match="does not let hms in with this password"):
        try_delivery_profile(profile=profile, actor=gil)

    erp.host_key = paramiko.RSAKey.generate(1024)
    with pytest.raises(DestinationUnreachable, match="another key than the one on file"):
        try_delivery_profile(profile=profile, actor=gil)


def test_a_server_that_shares_no_encryption_is_not_said_to_show_another_key(facility, gil, hana, erp):
    profile = by_sftp(facility, gil, hana, erp)
    erp.lacks = {"ciphers": list(paramiko.Transport._preferred_ciphers)}

    with pytest.raises(DestinationUnreachable, match="no encryption that we know"):
        try_delivery_profile(profile=profile, actor=gil)


def test_a_connection_is_tried_without_writing(facility, gil, hana, erp):
    try_delivery_profile(profile=by_sftp(facility, gil, hana, erp), actor=gil)
    lost = by_sftp(facility, gil, hana, erp, code="lost", place=f"127.0.0.1:{erp.port}/nowhere")

    assert erp.names() == []
    with pytest.raises(DestinationUnreachable, match="cannot be listed"):
        try_delivery_profile(profile=lost, actor=gil)


def test_what_goes_by_itself_goes_once_and_only_what_was_approved_since(facility, gil, hana, batch):
    profile = approved(facility, gil, hana, is_automatic=True)
    make.entry(facility)
    later = make.released_batch(facility)

    (queued,), refused = queue_automatic_deliveries()
    assert (queued.batch, queued.profile, refused) == (later, profile, [])
    assert queue_automatic_deliveries() == ([], [])
    assert deliveries_owed() == [queued.pk]
    assert sent(queued).state == "SENT"
    assert deliveries_owed() == []


def test_a_batch_that_came_there_another_way_goes_no_more_by_itself(facility, gil, hana):
    approved(facility, gil, hana, is_automatic=True)
    make.entry(facility)
    taken = make.released_batch(facility)
    acknowledge_gl_batch(batch=taken, outcome="posted", journal="JE-1", actor=gil)

    assert queue_automatic_deliveries() == ([], [])


@pytest.mark.parametrize(
    "said, why",
    [
        ({"place": "../etc"}, "below the folder"),
        ({"place": "/etc"}, "below the folder"),
        ({"name_pattern": "../{number}"}, "more than a file's name"),
        ({"name_pattern": "gl.csv"}, "one name"),
        ({"layout": "edifact"}, "neither a layout"),
        ({"layout": "profile:gone"}, "neither a layout"),
        ({"code": "A B"}, "small letters"),
        ({"reason": " "}, "said why"),
        ({"way": "SFTP", "place": "10.1.2.3:22/in"}, "of its address"),
        ({"way": "SFTP", "place": "127.0.0.1:2222/in/../../etc"}, "plain path"),
        ({"way": "SFTP", "place": "127.0.0.1:80/in"}, "of its address"),
        ({"way": "SFTP", "place": "127.0.0.1:2222/in", "host_key": "none"}, "host key"),
        ({"way": "SFTP", "place": "127.0.0.1:2222/in", "username": ""}, "user name"),
        ({"way": "SFTP", "place": "127.0.0.1:2222/in", "secret": ""}, "private key or password"),
    ],
)
def test_a_profile_that_cannot_work_is_refused(facility, gil, said, why):
    server = {"host_key": "ssh-ed25519 AAAA", "username": "hms", "secret": "x"}

    with pytest.raises(DeliveryProfileWrong, match=why):
        written(facility, gil, **(server | said))


def test_a_server_inside_is_taken_when_operations_name_it(facility, gil, settings):
    said = {"way": "SFTP", "place": "10.1.2.3:22/in", "username": "hms", "secret": "x"}
    settings.GL_SFTP_INSIDE = ["10.1.2.3:22"]

    assert written(facility, gil, host_key="ssh-ed25519 AAAA", **said).pk


def test_a_new_version_keeps_the_secret_of_the_same_account_only(facility, gil):
    said = {"way": "SFTP", "place": "127.0.0.1:2222/in", "username": "hms", "host_key": "ssh-ed25519 AAAA"}
    written(facility, gil, secret="sealed", **said)

    assert written(facility, gil, layout="csv", **said).secret == "sealed"
    with pytest.raises(DeliveryProfileWrong, match="private key or password"):
        written(facility, gil, **(said | {"place": "127.0.0.1:3333/in"}))


def test_a_link_in_the_folder_is_not_followed(facility, gil, hana, batch, places):
    profile = approved(facility, gil, hana)
    delivery = queue_delivery(batch=batch, profile=profile, actor=gil)
    (places / "secret").write_text("kept")
    (places / "oracle" / delivery.remote_name).symlink_to(places / "secret")
    (places / "oracle" / f".{delivery.remote_name}.part").symlink_to(places / "secret")

    assert "cannot be looked at" in sent(delivery).problem
    assert (places / "secret").read_text() == "kept"


COPY = (
    "INSERT INTO ledger_glbatchdelivery (public_id, batch_id, profile_id, file_id, destination, repeat, "
    "reason, remote_name, size, sha256, state, tries, next_try_at, problem, queued_at) "
    "SELECT 'gbd_x', batch_id, profile_id, file_id, destination, {repeat}, '', {name}, size, {sha256}, "
    "'QUEUED', 0, now(), '', now() FROM ledger_glbatchdelivery"
)
SELF_APPROVAL = (
    "INSERT INTO ledger_deliveryprofileapproval (profile_id, approved_by_id, approved_at) "
    "SELECT id, written_by_id, now() FROM ledger_deliveryprofile WHERE code = 'other'"
)


@pytest.mark.parametrize(
    "sql, why",
    [
        ("UPDATE ledger_deliveryprofile SET place = 'elsewhere'", "retired, never changed"),
        (SELF_APPROVAL, "did not write it"),
        ("UPDATE ledger_glbatchdelivery SET sha256 = 'x'", "what it was queued as"),
        ("UPDATE ledger_glbatchdelivery SET remote_name = 'other.csv'", "what it was queued as"),
        ("DELETE FROM ledger_glbatchdelivery", "permission denied"),
        ("DELETE FROM ledger_deliveryprofile", "permission denied"),
        (COPY.format(repeat="0", name="remote_name", sha256="sha256"), "delivery_once"),
        (COPY.format(repeat="1", name="remote_name", sha256="sha256"), "again_says_why"),
        (COPY.format(repeat="0", name="'../x.csv'", sha256="sha256"), "plain_name"),
        (COPY.format(repeat="0", name="remote_name", sha256="repeat('0', 64)"), "own file"),
    ],
)
def test_the_database_keeps_deliveries_as_they_were_queued(facility, gil, hana, batch, sql, why):
    written(facility, gil, code="other")
    queue_delivery(batch=batch, profile=approved(facility, gil, hana), actor=gil)

    with pytest.raises(DatabaseError, match=why), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
