"""Key posts: what a person lacks is said, nobody holds two mines, one head in a post."""

from __future__ import annotations

import datetime as dt

from mines.due import POSTS
from mines.models import KeyPost
from mines.models.people import faults_of_posts
from mines.querysets import FIVE_HEADS
from mines.tests.conftest import desk
from mines.tests.lines import five_years
from units.models import RuleSetting

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


class TestPostsInDoubt:
    def test_a_vacancy_runs_by_rule_is_owed_and_found_by_the_filter(self, mine, clerk, staff, today):
        RuleSetting.objects.create(
            region_id=mine.unit.region_id[:6], key="post_vacancy_days", value=10, source="县规定"
        )
        for post in FIVE_HEADS:
            enter(clerk, mine, post=post, name=f"{post}一", education="4", years="12", certificate=f"Z{post}")
        assert "齐全" in desk(staff).get("/mines/").content.decode()
        person = KeyPost.objects.get(post="chief")
        left = today - dt.timedelta(days=20)
        values = HEAD | {"post": "chief", "name": "chief一", "education": "4", "years": "12", "until": left.isoformat()}
        desk(clerk).post(f"/mines/{mine.pk}/lines/posts/{person.pk}/", values)
        person.refresh_from_db()
        assert person.fill_by == left + dt.timedelta(days=10)
        assert "空缺20天，已超期" in desk(clerk).get(f"/mines/{mine.pk}/").content.decode()
        assert "缺1人" in desk(staff).get("/mines/?posts=late").content.decode()
        assert [thing.due_on for thing in POSTS.things(POSTS.open_rows())] == [person.fill_by]
        enter(
            clerk,
            mine,
            post="chief",
            name="新总工",
            education="4",
            years="12",
            certificate="Z9",
            since=today.isoformat(),
        )
        assert not POSTS.open_rows().exists()
        assert "石门煤矿" not in desk(staff).get("/mines/?posts=late&q=石门").content.decode().split("<tbody")[-1]

    def test_frequent_changes_and_namesakes_are_flagged(self, mine, sister, clerk, sister_clerk, staff, today):
        ago = [(today - dt.timedelta(days=days)).isoformat() for days in (300, 200, 199, 20)]
        enter(clerk, mine, since=ago[0], until=ago[1])
        assert not KeyPost.objects.often().exists()
        enter(clerk, mine, name="乙矿长", certificate="K2", since=ago[2])
        page = desk(clerk).get(f"/mines/{mine.pk}/").content.decode()
        assert "矿长一年内换了2人" in page and "石门煤矿" in desk(staff).get("/mines/?posts=often").content.decode()
        enter(sister_clerk, sister, post="geology", name="乙矿长", certificate="")
        assert "同名人员：乙矿长" in desk(clerk).get(f"/mines/{mine.pk}/").content.decode()
        shown = desk(staff).get("/mines/?posts=doubled").content.decode()
        assert "疑似兼职" in shown.split("<tbody")[1]
        assert "石门煤矿" in shown and "北沟煤矿" in shown
        assert "北沟煤矿" in desk(staff).get("/mines/?posts=lacking").content.decode()

    def test_words_and_queries_agree(self, mine, today):
        five_years(mine, today, months=30)
        lines = KeyPost.objects.filter(mine=mine)
        lines.update(education_needed="3")
        said = faults_of_posts(mine.mine_type, lines)
        labels = dict(KeyPost.Post.choices)
        vacant = {labels[post] for post in lines.vacant().values_list("post", flat=True)}
        assert vacant == {words.split("空缺")[0] for words in said if "空缺" in words} != set()
        assert f"{lines.lacking().count()}人不符合任职条件" in said
        often = {labels[post] for post in lines.often().values_list("post", flat=True)}
        assert often == {words.split("一年内")[0] for words in said if "一年内" in words} != set()
