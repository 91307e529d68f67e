"""Signs of a rectification that did not happen: each is seen, none blocks, people judge."""

import datetime as dt
import random
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from common.errors import Conflict, NotAllowed, Refused
from common.evidence import rendition_of
from common.history import history_of
from common.models import Evidence
from hazards.models import Hazard, PhotoPrint, Rectification, Reinspection, Sign
from hazards.photos import BAND_BITS, MOST_NEAR_BITS, bands, difference_hash, distance, read_photo
from hazards.services.proofs import record_reinspection, rectify_hazard
from hazards.services.register import grade_hazard, move_hazard, register_hazard
from hazards.services.signs import judge_sign, note_closing, note_photo
from hazards.signs import signs_of
from hazards.tests.photographs import photograph, scene, taken_again
from units.models import RuleSetting

LONG = "已更换破损的托辊并重新加固防护栏，现场试运转正常"


@pytest.fixture
def treating(coal_mine, clerk, staff, today):
    """Makes hazards under treatment, found three days ago, with a photograph of before."""

    def make(before=None, *, place="3号皮带巷", found_on=None) -> Hazard:
        hazard = register_hazard(
            by=clerk, mine=coal_mine, place=place, description=f"{place}防护罩缺失", source="self_check",
            found_on=found_on or today - dt.timedelta(days=3), files=[photograph(before)] if before else [],
        )  # fmt: skip
        grade_hazard(by=staff, hazard=hazard, level="general", due_on=today + dt.timedelta(days=5))
        return move_hazard(by=clerk, hazard=hazard, action="start")

    return make


@pytest.fixture
def rectify(clerk, today):
    def make(hazard, after, *, statement="已整改", **camera):
        return rectify_hazard(
            by=clerk, hazard=hazard, statement=statement, done_on=today, files=[photograph(after, **camera)]
        )

    return make


def check(hazard, clerk, inspector, today, *, passed=True):
    for action in ("self_accept", "ask"):
        move_hazard(by=clerk, hazard=hazard, action=action)
    return record_reinspection(
        by=inspector, hazard=hazard, on=today, on_site=True, officers=[inspector], passed=passed, opinion="看过现场"
    )


def kinds(hazard):
    return {sign.kind for sign in hazard.signs.all()}


class TestPhotos:
    def test_a_picture_sent_through_a_chat_stays_near_and_another_is_far(self):
        for seed in range(20):
            one = scene(seed)
            again = difference_hash(taken_again(one))
            assert distance(difference_hash(one), again) <= MOST_NEAR_BITS
            assert distance(difference_hash(one), difference_hash(scene(seed + 100))) > 15

    def test_a_blank_picture_has_no_hash_and_is_far_from_everything(self):
        blank = difference_hash(Image.new("RGB", (64, 48), "red"))
        assert (blank, bands(blank)) == ("", [None] * len(BAND_BITS))
        assert distance(blank, blank) == 64

    def test_near_hashes_agree_in_one_band_at_least(self):
        chance = random.Random(1)
        for _ in range(300):
            value = chance.getrandbits(64)
            other = value
            for bit in chance.sample(range(64), MOST_NEAR_BITS):
                other ^= 1 << bit
            one, two = bands(f"{value:016x}"), bands(f"{other:016x}")
            assert any(left == right for left, right in zip(one, two, strict=True))
        assert sum(BAND_BITS) == 64

    def test_the_camera_tells_when_and_that_it_knows_where(self, tmp_path):
        taken = dt.datetime(2026, 3, 5, 14, 30)
        path = tmp_path / "photo"
        path.write_bytes(photograph(scene(1), taken=taken, place=True).read())
        facts = read_photo(path)
        assert facts is not None and facts.has_gps
        assert timezone.localtime(facts.taken_at).replace(tzinfo=None) == taken

    @pytest.mark.parametrize("stamp", ["0000:00:00 00:00:00", "", "gestern", "1970:01:01 00:00:00"])
    def test_a_clock_that_was_never_set_tells_nothing(self, tmp_path, stamp):
        exif = Image.Exif()
        exif.get_ifd(0x8769)[0x9003] = stamp
        scene(1).save(tmp_path / "photo.jpg", exif=exif)
        facts = read_photo(tmp_path / "photo.jpg")
        assert facts is not None and facts.taken_at is None and not facts.has_gps

    def test_what_is_no_picture_tells_nothing(self, tmp_path):
        (tmp_path / "photo").write_bytes(b"\xff\xd8\xff\xe1 no picture")
        assert read_photo(tmp_path / "photo") is None
        assert read_photo(tmp_path / "absent") is None


class TestWhatIsSeen:
    def test_an_honest_rectification_gives_no_sign(self, treating, rectify, clerk, inspector, today):
        hazard = treating(scene(1))
        rectify(hazard, scene(2), statement=LONG, taken=timezone.localtime(), place=True)
        Rectification.objects.update(made_at=timezone.now() - dt.timedelta(hours=3))
        check(hazard, clerk, inspector, today)
        assert not Sign.objects.exists()
        assert PhotoPrint.objects.get(side="after").has_gps

    def test_the_photo_of_before_handed_in_as_after(self, treating, rectify):
        hazard = treating(scene(1))
        rectify(hazard, scene(1))
        sign = hazard.signs.get()
        assert sign.kind == "same_photo" and "同一个文件" in sign.words
        assert sign.evidence_id != sign.other_evidence_id

    def test_the_photo_of_before_changed_a_little(self, treating, rectify):
        hazard = treating(scene(1))
        rectify(hazard, taken_again(scene(1)))
        assert kinds(hazard) == {"near_photo"}

    def test_two_blank_photos_are_not_called_near(self, treating, rectify):
        hazard = treating(Image.new("RGB", (40, 30), "white"))
        rectify(hazard, Image.new("RGB", (40, 30), "grey"))
        assert not kinds(hazard)

    def test_a_photo_of_another_hazard(self, treating, rectify):
        other, hazard = treating(place="副井口"), treating(scene(1))
        rectify(other, scene(2))
        rectify(hazard, taken_again(scene(2)))
        sign = hazard.signs.get()
        assert (sign.kind, sign.other_hazard) == ("photo_elsewhere", other)
        assert other.number in sign.words and not kinds(other)

    def test_a_photo_of_another_county_or_of_a_mistaken_entry_is_no_sign(
        self, treating, rectify, stranger, county, admin, today
    ):
        register_hazard(
            by=stranger, mine=county.other_mine, place="井口", description="护栏缺失", source="inspection",
            found_on=today, files=[photograph(scene(2))],
        )  # fmt: skip
        mistaken = treating(scene(2))
        move_hazard(by=admin, hazard=mistaken, action="void", note="误登")
        hazard = treating(scene(1))
        rectify(hazard, scene(2))
        assert not kinds(hazard)

    def test_the_photo_that_was_returned_comes_again(self, treating, rectify, clerk, inspector, today):
        hazard = treating(scene(1))
        rectify(hazard, scene(2))
        check(hazard, clerk, inspector, today, passed=False)
        assert not kinds(hazard)
        rectify(hazard, scene(2), quality=60)
        assert kinds(hazard) == {"photo_again"}

    @pytest.mark.parametrize(
        ("days", "expected"), [(4, {"taken_before"}), (8, {"taken_before"}), (2, set()), (-1, set())]
    )
    def test_a_photo_taken_before_the_hazard_was_found(self, treating, rectify, days, expected):
        hazard = treating()
        rectify(hazard, scene(2), taken=timezone.localtime() - dt.timedelta(days=days))
        assert kinds(hazard) == expected

    def test_a_photo_taken_long_before_it_was_handed_in(self, treating, rectify, today):
        hazard = treating(found_on=today - dt.timedelta(days=60))
        rectify(hazard, scene(2), taken=timezone.localtime() - dt.timedelta(days=20))
        assert kinds(hazard) == {"taken_long_ago"}
        assert "早20天" in hazard.signs.get().words

    def test_a_region_sets_its_own_number(self, treating, rectify, county, today):
        RuleSetting.objects.create(region=county.region, key="photo_old_days", value=30, source="县局规定")
        hazard = treating(found_on=today - dt.timedelta(days=60))
        rectify(hazard, scene(2), taken=timezone.localtime() - dt.timedelta(days=20))
        assert not kinds(hazard)

    @pytest.mark.parametrize(("minutes", "expected"), [(3, {"closed_at_once"}), (11, set())])
    def test_closed_within_minutes_of_the_claim(self, treating, rectify, clerk, inspector, today, minutes, expected):
        hazard = treating()
        rectify(hazard, scene(2))
        Rectification.objects.update(made_at=timezone.now() - dt.timedelta(minutes=minutes))
        check(hazard, clerk, inspector, today)
        assert hazard.state == "closed" and kinds(hazard) == expected

    def test_many_closed_in_a_row_by_one_person(self, treating, rectify, county, clerk, inspector, today):
        RuleSetting.objects.create(region=county.region, key="mass_close_count", value=3, source="县局规定")
        hazards = [treating(place=f"{number}号硐室") for number in range(4)]
        for number, hazard in enumerate(hazards):
            rectify(hazard, scene(number))
        Rectification.objects.update(made_at=timezone.now() - dt.timedelta(hours=3))
        found = [check(hazard, clerk, inspector, today) for hazard in hazards[:2]]
        assert not Sign.objects.exists()
        assert found[0].recorded_by == inspector
        check(hazards[2], clerk, inspector, today)
        assert [kinds(hazard) for hazard in hazards] == [{"many_closed"}] * 3 + [set()]
        assert "3条" in hazards[0].signs.get().words
        check(hazards[3], clerk, inspector, today)
        assert Sign.objects.count() == 4

    def test_closings_hours_apart_are_not_a_row(self, treating, rectify, county, clerk, inspector, today):
        RuleSetting.objects.create(region=county.region, key="mass_close_count", value=2, source="县局规定")
        hazards = [treating(place=f"{number}号硐室") for number in range(2)]
        for number, hazard in enumerate(hazards):
            rectify(hazard, scene(number))
        Rectification.objects.update(made_at=timezone.now() - dt.timedelta(hours=3))
        check(hazards[0], clerk, inspector, today)
        later = Reinspection(
            hazard=hazards[1], round=1, on=today, result="passed", opinion="好", recorded_by=inspector,
            recorded_at=timezone.now() + dt.timedelta(minutes=31),
        )  # fmt: skip
        later.save()
        note_closing(reinspection=later)
        assert not Sign.objects.exists()

    def test_the_same_words_for_different_hazards(self, treating, rectify):
        one, two, three = treating(place="甲"), treating(place="乙"), treating(place="丙")
        rectify(one, scene(1), statement=LONG)
        rectify(two, scene(2), statement=LONG.replace("，", " ") + "。")
        rectify(three, scene(3), statement="已整改")
        assert [kinds(hazard) for hazard in (one, two, three)] == [set(), {"copied_words"}, set()]
        assert two.signs.get().other_hazard == one
        rectify(two, scene(4), statement="在机头加装防护罩一套，固定螺栓六颗，已验收")
        assert not kinds(two)

    def test_short_words_may_be_alike(self, treating, rectify):
        one, two = treating(place="甲"), treating(place="乙")
        rectify(one, scene(1), statement="已更换")
        rectify(two, scene(2), statement="已更换")
        assert not kinds(two)

    def test_noting_twice_does_no_harm(self, treating, rectify):
        hazard = treating(scene(1))
        rectification = rectify(hazard, scene(1))
        evidence = Evidence.objects.about(rectification).get()
        assert note_photo(hazard=hazard, evidence=evidence, side="after", round=1) is not None
        assert hazard.signs.count() == 1

    def test_the_cost_of_a_photo_does_not_grow_with_the_register(self, treating, rectify):
        first, second = treating(place="甲"), treating(place="乙")
        with CaptureQueriesContext(connection) as few:
            rectify(first, scene(1))
        for number in range(12):
            rectify(treating(place=f"{number}号"), scene(50 + number))
        with CaptureQueriesContext(connection) as many:
            rectify(second, scene(2))
        assert len(many) == len(few)


class TestJudgement:
    @pytest.fixture
    def sign(self, treating, rectify) -> Sign:
        hazard = treating(scene(1))
        rectify(hazard, scene(1))
        return hazard.signs.get()

    def test_a_person_judges_and_the_history_of_the_sign_keeps_it(self, sign, inspector, staff):
        judge_sign(by=inspector, sign=sign, verdict="suspicious", words="安排回头看")
        assert (sign.verdict, sign.judged_by) == ("suspicious", inspector)
        judge_sign(by=staff, sign=sign, verdict="fine", words="已到现场，确为同一角度")
        notes = [event.note for event in history_of(sign)]
        assert sorted(notes) == ["安排回头看", "已到现场，确为同一角度"]
        assert not history_of(sign.hazard).filter(verb="sign.judged").exists()

    def test_suspicion_needs_words(self, sign, inspector):
        with pytest.raises(Refused) as refusal:
            judge_sign(by=inspector, sign=sign, verdict="suspicious", words=" ")
        assert "words" in refusal.value.fields
        with pytest.raises(Refused):
            judge_sign(by=inspector, sign=sign, verdict="open")
        with pytest.raises(IntegrityError), transaction.atomic():
            Sign.objects.filter(pk=sign.pk).update(verdict="suspicious", judged_by=inspector, judged_at=timezone.now())

    def test_nobody_else_judges_or_even_sees(self, sign, clerk, leader, stranger, township_liaison):
        for who in (clerk, leader, stranger, township_liaison):
            with pytest.raises(NotAllowed):
                judge_sign(by=who, sign=sign, verdict="fine")
        assert signs_of(sign.hazard, leader) == [sign]
        for who in (clerk, stranger, township_liaison):
            assert signs_of(sign.hazard, who) == []

    def test_who_checked_the_hazard_does_not_judge_its_signs(self, sign, clerk, inspector, staff, today):
        hazard = sign.hazard
        check(hazard, clerk, inspector, today)
        with pytest.raises(Conflict):
            judge_sign(by=inspector, sign=sign, verdict="fine")
        judge_sign(by=staff, sign=sign, verdict="fine")


def test_what_is_shown_carries_no_place(treating, rectify):
    hazard = treating()
    rectification = rectify(hazard, scene(2), taken=timezone.localtime(), place=True)
    evidence = Evidence.objects.about(rectification).get()
    shown: Path = rendition_of(evidence, 1920)
    with Image.open(shown) as image:
        assert not image.getexif().get_ifd(0x8825) and not dict(image.getexif())
    assert not [field.name for field in PhotoPrint._meta.fields if "lat" in field.name or "lon" in field.name]
