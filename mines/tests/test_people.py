"""Key posts: what a person lacks is said, nobody holds two mines, one head in a post."""

from __future__ import annotations

from mines.models import KeyPost
from mines.tests.conftest import desk

HEAD = {
    "post": "manager",
    "name": "何矿长",
    "education": "2",
    "major": "采矿",
    "years": "6",
    "certificate": "K001",
    "since": "2024-01-01",
}


def enter(user, mine, **changes):
    return desk(user).post(f"/mines/{mine.pk}/lines/posts/new/", HEAD | changes)


def test_what_a_head_lacks_is_said_by_the_rules_and_only_while_in_office(mine, clerk):
    enter(clerk, mine)
    person = KeyPost.objects.get()
    assert person.lacks == "学历不到大专、从业不满10年"
    assert "从业不满10年" in desk(clerk).get(f"/mines/{mine.pk}/").content.decode()
    enter(clerk, mine, post="geology", name="钱技术", years="6", certificate="K002")
    assert KeyPost.objects.get(post="geology").lacks == ""
    desk(clerk).post(f"/mines/{mine.pk}/lines/posts/{person.pk}/", HEAD | {"until": "2025-01-01"})
    person.refresh_from_db()
    assert person.lacks == ""


def test_one_head_in_a_post_and_nobody_in_two_mines(mine, sister, clerk, sister_clerk):
    enter(clerk, mine)
    answer = enter(clerk, mine, name="另一人", certificate="K009")
    assert answer.status_code == 422 and "这个岗位现在有人" in answer.content.decode()
    answer = enter(sister_clerk, sister)
    assert answer.status_code == 422 and "不得在矿山之间兼职" in answer.content.decode()
    person = KeyPost.objects.get()
    desk(clerk).post(f"/mines/{mine.pk}/lines/posts/{person.pk}/", HEAD | {"until": "2025-01-01"})
    assert enter(sister_clerk, sister).status_code == 302
