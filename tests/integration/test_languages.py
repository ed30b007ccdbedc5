"""Languages of a round: published whole or not at all, offered on every page that asks, spoken where recorded
(L1-L5, K17)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import event, select

from survey.cli import main
from survey.questionnaires import CorruptLanguagePack, load_shipped, text_places, trial_words, words_sha256
from survey.services.errors import NoSuchRound
from survey.services.languages import recordings
from survey.services.languages.errors import BadRecordings, NoSuchPack, RecordingsMissing, TestPackOnRealRound
from survey.services.languages.packs import publish_pack, published_packs, withdraw_pack
from survey.services.languages.recordings import record_folder, recorded
from survey.services.languages.sounds import MOST_BYTES
from survey.services.links.invitations import Invitee, invite
from survey.services.places import kiosk_key
from survey.storage.models import AuditEventRow, RecordingRow, ResponseRow
from survey.storage.store import Store
from tests.conftest import SetClock, both_databases
from tests.integration.journeys import Page, Person
from tests.packs import publish_trial, silence, trial_bytes
from tests.rounds import COMMUNES, PROVINCE, make_round

QUESTION = load_shipped("service-counter").item("rating").text.in_("vi")
ASKED = load_shipped("service-counter")


def _official(audio: str = "optional") -> bytes:
    """Make a pack that the rules take for a real one; its words are the test pack's and no translation."""
    deed = {"role": "Người thử", "date": "2026-01-05"}
    signed = dict.fromkeys(("translated", "translated_back", "signed_off"), deed)
    document = json.loads(trial_bytes())
    document |= {
        "language": "rad",
        "status": "official",
        "sources": ["thử"],
        "translation": signed,
        "audio": audio,
    }
    return json.dumps(document, ensure_ascii=False).encode()


def _publish(store: Store, clock: SetClock, code: str, raw: bytes) -> None:
    publish_pack(store=store, clock=clock, round_code=code, raw=raw, actor="tests")


def _simulated(store: Store, clock: SetClock, **round_: Any) -> str:
    return make_round(store, clock, simulated=True, entry="open", **round_)


@both_databases
class TestPublishing:
    def test_a_pack_is_listed_replaced_and_withdrawn_and_the_log_tells_it(
        self, store: Store, clock: SetClock
    ) -> None:
        code = _simulated(store, clock)
        _publish(store, clock, code, trial_bytes())
        _publish(store, clock, code, trial_bytes() + b"\n")
        (listed,) = published_packs(store=store)
        assert (listed.questionnaire, listed.pack.language) == ("service-counter", "qaa")
        withdraw_pack(store=store, clock=clock, round_code=code, language="qaa", actor="tests")
        assert published_packs(store=store) == ()
        with pytest.raises(NoSuchPack):
            withdraw_pack(store=store, clock=clock, round_code=code, language="qaa", actor="tests")
        with store.reading() as session:
            done = session.scalars(select(AuditEventRow.action).where(AuditEventRow.action.like("language%")))
            assert list(done) == ["language published", "language published", "language withdrawn"]

    def test_a_pack_with_one_text_missing_is_refused_and_nothing_is_published(
        self, store: Store, clock: SetClock
    ) -> None:
        """L3: no string of a published questionnaire lacks its text."""
        code = _simulated(store, clock)
        document = json.loads(trial_bytes())
        del document["texts"]["option.satisfaction.neutral.label"]
        with pytest.raises(CorruptLanguagePack) as refused:
            _publish(store, clock, code, json.dumps(document).encode())
        assert [one.code for one in refused.value.problems] == ["text-missing"]
        assert published_packs(store=store) == ()

    def test_a_pack_of_another_questionnaire_is_refused(self, store: Store, clock: SetClock) -> None:
        code = _simulated(store, clock)
        with pytest.raises(CorruptLanguagePack) as refused:
            _publish(store, clock, code, trial_bytes("delegates-assessment"))
        assert "other-questionnaire" in {one.code for one in refused.value.problems}

    def test_a_test_pack_never_reaches_a_real_round(
        self, store: Store, clock: SetClock, person: Callable[[], Person]
    ) -> None:
        real = make_round(store, clock, entry="open")
        simulated = _simulated(store, clock, code="mo-phong")
        with pytest.raises(TestPackOnRealRound):
            _publish(store, clock, real, trial_bytes())
        _publish(store, clock, simulated, trial_bytes())
        # Both ask the same questionnaire, and still only one offers the test pack.
        assert "Gói thử" in person().open(f"/r/{simulated}/").html
        assert "Gói thử" not in person().open(f"/r/{real}/").html

    def test_a_pack_that_requires_sound_waits_for_its_last_recording(
        self, store: Store, clock: SetClock, tmp_path: Path
    ) -> None:
        """L3: CI fails if any string lacks audio; here publishing does."""
        code = make_round(store, clock)
        with pytest.raises(RecordingsMissing) as refused:
            _publish(store, clock, code, _official("required"))
        assert set(refused.value.missing) == set(text_places(ASKED))
        for key in list(text_places(ASKED))[1:]:
            (tmp_path / f"{key}.ogg").write_bytes(silence())
        left = _record(store, clock, tmp_path)
        assert [key for key in left.missing if not key.startswith("interface.")] == ["title"]
        with pytest.raises(RecordingsMissing):
            _publish(store, clock, code, _official("required"))
        (tmp_path / "title.ogg").write_bytes(silence())
        _record(store, clock, tmp_path)
        _publish(store, clock, code, _official("required"))
        assert published_packs(store=store)[0].pack.audio_required

    def test_a_round_that_is_not_there_is_told(self, store: Store, clock: SetClock) -> None:
        with pytest.raises(NoSuchRound):
            _publish(store, clock, "khong-co", trial_bytes())


def _record(store: Store, clock: SetClock, folder: Path) -> recordings.Recorded:
    from survey.questionnaires import load_pack

    pack = load_pack(_official())
    return record_folder(
        store=store, clock=clock, questionnaire=ASKED, pack=pack, folder=folder, actor="tests"
    )


@both_databases
class TestPages:
    def test_the_language_is_chosen_by_its_own_name_and_marked_on_every_passage(
        self, store: Store, clock: SetClock, person: Callable[[], Person]
    ) -> None:
        """WCAG 3.1.1 and 3.1.2: the page is Vietnamese, the questions are not, and both say so."""
        code = _simulated(store, clock, units=COMMUNES[:1])
        publish_trial(store, clock, code)
        citizen = person()
        page = citizen.open(f"/r/{code}/")
        assert ("language", "qaa") in [button for form in page.forms for button in form.buttons]
        assert re.search(r'value="qaa" lang="qaa">Gói thử', page.html)
        page = _switch(citizen, page, "qaa")
        assert '<html lang="vi">' in page.html
        page = citizen.send()
        assert f'<span lang="qaa">{trial_words(QUESTION)}</span>' in page.html
        assert '<span lang="qaa">' in page.html.split("<legend>")[1].split("</legend>")[0]
        labels = re.findall(r'<label class="option.*?</label>', page.html, re.DOTALL)
        assert len(labels) == 6
        assert all('lang="qaa"' in label for label in labels)
        assert "Lưu và tiếp tục" in page.html
        assert '<span lang="qaa">[ƀê̆ Lưu và tiếp tục ŏư̆]</span>' in page.html

    def test_answers_given_in_a_pack_language_are_the_same_answers(
        self, store: Store, clock: SetClock, person: Callable[[], Person]
    ) -> None:
        code = _simulated(store, clock, units=COMMUNES[:1])
        publish_trial(store, clock, code)
        citizen = person()
        _switch(citizen, citizen.open(f"/r/{code}/"), "qaa")
        citizen.send()
        citizen.send({"rating": "neutral"})
        citizen.send()
        review = citizen.send()
        assert '<span lang="qaa">[ƀê̆ Bình thường ŏư̆]</span>' in review.html
        assert citizen.send().address.endswith("/receipt")
        with store.reading() as session:
            (row,) = session.scalars(select(ResponseRow)).all()
            assert row.answers == {"rating": "neutral"}

    def test_a_language_that_the_round_does_not_have_leaves_it_vietnamese_and_unmarked(
        self, store: Store, clock: SetClock, person: Callable[[], Person]
    ) -> None:
        code = _simulated(store, clock, units=COMMUNES[:1])
        citizen = person()
        citizen.client.set_cookie("language", "rad")
        citizen.open(f"/r/{code}/")
        page = citizen.send()
        assert QUESTION in page.html
        assert 'lang="rad"' not in page.html
        assert '<html lang="vi">' in page.html

    @pytest.mark.parametrize("chosen", ["<b>", "x" * 40, "vi\n", "../..", "qaa;", "VI", ""])
    def test_a_language_that_is_none_is_not_believed(
        self, app: Flask, store: Store, clock: SetClock, chosen: str
    ) -> None:
        code = _simulated(store, clock)
        client = app.test_client()
        client.post("/language", data={"language": chosen, "next": f"/r/{code}/"})
        page = client.get(f"/r/{code}/").get_data(as_text=True)
        assert '<html lang="vi">' in page
        assert "Nơi Ông/Bà muốn đánh giá" in page

    def test_personal_link_and_kiosk_offer_the_language_too(
        self, app: Flask, store: Store, clock: SetClock, person: Callable[[], Person]
    ) -> None:
        code = make_round(
            store, clock, code="dai-bieu", questionnaire="delegates-assessment", population="delegates",
            entry="personal", counted_grades="A", units=(PROVINCE,), simulated=True,
        )  # fmt: skip
        publish_trial(store, clock, code, "delegates-assessment")
        people = [Invitee(f"Đại biểu {number}", PROVINCE, "Đại biểu") for number in range(3)]
        link = invite(store=store, clock=clock, round_code=code, invitees=people)[0]
        page = person().open(f"/p/link/{link.token}")
        assert 'value="qaa" lang="qaa"' in page.html
        counter = make_round(store, clock, code="quay-mp", simulated=True)
        publish_trial(store, clock, counter)
        key = kiosk_key(app.config["SECRET_KEY"], counter, COMMUNES[0])
        screen = person().open(f"/kiosk/{counter}/{COMMUNES[0]}/{key}/")
        assert 'value="qaa" lang="qaa"' in screen.html

    def test_a_new_or_withdrawn_pack_shows_on_the_very_next_page(
        self, store: Store, clock: SetClock, person: Callable[[], Person]
    ) -> None:
        code = _simulated(store, clock)
        citizen = person()
        assert "Gói thử" not in citizen.open(f"/r/{code}/").html
        publish_trial(store, clock, code)
        assert "Gói thử" in citizen.open(f"/r/{code}/").html
        withdraw_pack(store=store, clock=clock, round_code=code, language="qaa", actor="tests")
        assert "Gói thử" not in citizen.open(f"/r/{code}/").html

    def test_a_page_in_a_pack_language_asks_the_database_no_more_than_one_in_vietnamese(
        self, app: Flask, store: Store, clock: SetClock, person: Callable[[], Person]
    ) -> None:
        code = _simulated(store, clock, units=COMMUNES[:1])
        citizen = person()
        citizen.open(f"/r/{code}/")
        address = citizen.send().address
        plain = _statements(app, lambda: citizen.open(address))
        publish_trial(store, clock, code)
        citizen.client.set_cookie("language", "qaa")
        citizen.open(address)
        assert _statements(app, lambda: citizen.open(address)) == plain


def _switch(citizen: Person, page: Page, language: str) -> Page:
    """Press a language's button in the head of a page."""
    return citizen.post("/language", [("language", language), ("next", page.address)])


def _statements(app: Flask, do: Callable[[], object]) -> int:
    engine = app.extensions["survey"].store.engine
    seen: list[str] = []
    note = lambda *told: seen.append(told[2])  # noqa: E731 - taken off again by its name
    event.listen(engine, "before_cursor_execute", note)
    try:
        do()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)


@both_databases
class TestRecordings:
    def test_a_recorded_text_has_an_address_and_a_changed_word_has_none(
        self, app: Flask, store: Store, clock: SetClock, person: Callable[[], Person], tmp_path: Path
    ) -> None:
        """L5, K17: the recording is found by the words it speaks."""
        (tmp_path / "item.rating.text.ogg").write_bytes(silence())
        record_folder(
            store=store, clock=clock, questionnaire=ASKED, pack=None, folder=tmp_path, actor="tests"
        )
        code = _simulated(store, clock, units=COMMUNES[:1])
        citizen = person()
        citizen.open(f"/r/{code}/")
        page = citizen.send()
        (address,) = re.findall(r'data-s="([^"]+)"', page.html)
        assert words_sha256(QUESTION)[:16] in address
        sound = citizen.client.get(address)
        assert sound.data == silence()
        assert sound.mimetype == "audio/ogg"
        assert "immutable" in sound.headers["Cache-Control"]
        part = citizen.client.get(address, headers={"Range": "bytes=0-3"})
        assert (part.status_code, part.data) == (206, b"OggS")
        assert words_sha256(QUESTION.replace("hôm nay", "hôm qua"))[:16] not in recorded(
            store=store, language="vi"
        )

    def test_a_new_recording_of_the_same_words_has_a_new_address(
        self, store: Store, clock: SetClock, tmp_path: Path
    ) -> None:
        addresses = []
        for frames in (10, 11):
            (tmp_path / "title.ogg").write_bytes(silence(frames))
            record_folder(
                store=store, clock=clock, questionnaire=ASKED, pack=None, folder=tmp_path, actor="tests"
            )
            addresses.append(dict(recorded(store=store, language="vi")))
        assert addresses[0].keys() == addresses[1].keys()
        assert addresses[0] != addresses[1]

    def test_an_outdated_address_still_sounds_but_is_not_kept_for_good(
        self, app: Flask, store: Store, clock: SetClock, tmp_path: Path
    ) -> None:
        (tmp_path / "title.ogg").write_bytes(silence())
        record_folder(
            store=store, clock=clock, questionnaire=ASKED, pack=None, folder=tmp_path, actor="tests"
        )
        name = words_sha256(ASKED.title.in_("vi"))[:16]
        answered = app.test_client().get(f"/sound/vi/{name}?v=00000000")
        assert answered.status_code == 200
        assert "immutable" not in answered.headers["Cache-Control"]

    @pytest.mark.parametrize("name", ["0" * 16, "g" * 16, "%2e%2e", "0123456789abcdef%00"])
    def test_what_nobody_recorded_is_not_found(
        self, app: Flask, store: Store, clock: SetClock, name: str
    ) -> None:
        assert app.test_client().get(f"/sound/vi/{name}").status_code == 404

    def test_one_bad_file_keeps_the_whole_folder_out_and_each_is_named(
        self, store: Store, clock: SetClock, tmp_path: Path
    ) -> None:
        (tmp_path / "title.ogg").write_bytes(silence())
        (tmp_path / "intro.ogg").write_bytes(b"RIFF....WAVE")
        (tmp_path / "item.gone.text.ogg").write_bytes(silence())
        (tmp_path / "item.rating.text.ogg").write_bytes(silence(channels=2))
        (tmp_path / "item.comment.text.m4a").write_bytes(silence())
        (tmp_path / "item.reasons.text.ogg").write_bytes(silence() + b"\0" * MOST_BYTES)
        with pytest.raises(BadRecordings) as refused:
            record_folder(
                store=store, clock=clock, questionnaire=ASKED, pack=None, folder=tmp_path, actor="tests"
            )
        found = dict(line.split(": ", 1) for line in refused.value.problems)
        assert set(found) == {
            "intro.ogg",
            "item.gone.text.ogg",
            "item.rating.text.ogg",
            "item.comment.text.m4a",
            "item.reasons.text.ogg",
        }
        assert "mono" in found["item.rating.text.ogg"]
        with store.reading() as session:
            assert session.scalars(select(RecordingRow)).all() == []


@both_databases
def test_a_pack_goes_from_template_to_page_by_command(
    store: Store, clock: SetClock, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SURVEY_INSTANCE", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    monkeypatch.delenv("SURVEY_LANG", raising=False)
    code = _simulated(store, clock)

    def run(*words: str, ends: int = 0) -> str:
        result = CliRunner().invoke(main, ["language", *words])
        assert result.exit_code == ends, result.output
        assert "Traceback" not in result.output
        return result.output

    pack, broken, folder = tmp_path / "goi-thu.json", tmp_path / "trong.json", tmp_path / "tieng"
    pack.write_text(run("template", "service-counter", "--language", "qaa"), encoding="utf-8")
    broken.write_text(run("template", "service-counter", "--language", "rad"), encoding="utf-8")
    assert "gói thử" in run("check", str(pack), "--questionnaire", "service-counter")
    assert "[unsigned]" in run("check", str(broken), "--questionnaire", "service-counter", ends=1)
    assert "SVY-422-28" in run("publish", str(broken), "--round", code, ends=2)
    assert "SVY-404-18" in run("check", str(tmp_path / "gone.json"), ends=2)
    assert "Đã công bố qaa" in run("publish", str(pack), "--round", code)
    assert "gói thử" in run("list")
    assert "ƀ č đ ñ" in run("list", "--known")
    folder.mkdir()
    (folder / "item.rating.text.ogg").write_bytes(silence())
    told = run("record", str(folder), "--questionnaire", "service-counter", "--pack", str(pack))
    assert "Đã nhận 1 bản ghi âm" in told
    assert "chưa có: title" in told
    assert "Đã rút qaa" in run("withdraw", "qaa", "--round", code)
