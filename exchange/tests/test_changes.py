"""The feed of changes: everything once, in order, whoever writes meanwhile."""

import threading
from datetime import date

import pytest
from django.db import connection, transaction

from common.history import record
from common.seals import seal_history
from exchange.changes import PLACES
from hazards.models import Hazard


def read_on(system, after, seen):
    """Ask until there is no more, and remember what came."""
    while True:
        answer = system.get("changes/", {"after": after, "limit": 7})
        assert answer.status_code == 200, answer.content
        page = answer.json()
        seen += page["results"]
        assert page["next"] >= after
        after = page["next"]
        if not page["more"]:
            return after


@pytest.mark.django_db
def test_changes_are_told_once_and_only_to_who_sees_them(
    hazard, bureau_system, mine_system, sister_system, system, county
):
    assert mine_system.get("changes/").json() == {"results": [], "next": 0, "more": False}
    seal_history()
    seen = []
    end = read_on(mine_system, 0, seen)
    verbs = [change["verb"] for change in seen if change["noun"] == "hazards"]
    assert "hazard.registered" in verbs and end > PLACES
    assert {change["id"] for change in seen if change["noun"] == "hazards"} == {str(hazard.pk)}
    assert mine_system.client.get(seen[-1]["url"], headers=mine_system.headers()).status_code == 200
    assert read_on(mine_system, end, seen) == end
    theirs = []
    read_on(sister_system, 0, theirs)
    assert not [change for change in theirs if change["noun"] == "hazards"]
    narrow = []
    read_on(system(county.bureau, scopes=["changes:read", "units:read"]), 0, narrow)
    assert {change["noun"] for change in narrow} <= {"units"}


@pytest.mark.django_db
@pytest.mark.parametrize("after", ["x", "-1", "9" * 19])
def test_a_faulty_number_is_refused(after, bureau_system):
    assert bureau_system.get("changes/", {"after": after}).status_code == 400


WRITERS, ROWS = 8, 6


@pytest.mark.django_db(transaction=True)
def test_a_reader_under_eight_writers_ends_with_exactly_the_rows_of_the_database(county, clerk, mine_system):
    """Each transaction takes the number of its event early and commits in any order; some are rolled back."""
    faults, done = [], threading.Event()

    def write(number):
        try:
            for index in range(ROWS):
                try:
                    with transaction.atomic():
                        row = Hazard.objects.create(
                            region=county.region, number=f"149921-2026-{number}{index:04d}", mine=county.mine,
                            place="巷道", description="隐患", source="self_check", found_on=date(2026, 1, 1),
                            registered_by=clerk,
                        )  # fmt: skip
                        record("hazard.registered", row, by=clerk)
                        done.wait(0.002 * ((number * 7 + index * 3) % 10))
                        if index == 2:
                            raise RuntimeError("taken back")
                except RuntimeError:
                    pass
        except Exception as error:
            faults.append(error)
        finally:
            connection.close()

    writers = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    seen, after = [], 0
    mine_system.account.__class__.objects.update(per_minute=6000)
    while any(writer.is_alive() for writer in writers):
        seal_history()
        after = read_on(mine_system, after, seen)
    for writer in writers:
        writer.join()
    seal_history()
    read_on(mine_system, after, seen)
    assert faults == []
    told = [change["id"] for change in seen if change["verb"] == "hazard.registered"]
    assert len(told) == len(set(told)) == WRITERS * (ROWS - 1)
    assert set(told) == {str(pk) for pk in Hazard.objects.values_list("pk", flat=True)}
    assert [change["sequence"] for change in seen] == sorted({change["sequence"] for change in seen})
