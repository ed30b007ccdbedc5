"""Link previews: what fetches a link for a chat or a mail changes nothing and uses up nothing (K23)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from survey.services.links.invitations import Invitee, invite
from survey.services.slips.batches import NewBatch, make_batch
from survey.storage.models import Base
from survey.storage.store import Store
from tests.conftest import SetClock, both_databases
from tests.integration.journeys import Person
from tests.rounds import COMMUNES, PROVINCE, make_round

#: As these say of themselves when they fetch a link that somebody wrote into a message.
BOTS = (
    "ZaloPC-win32-24v620",
    "Mozilla/5.0 (compatible; Zalo/1.0; +https://zalo.me)",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "facebookcatalog/1.0",
    "meta-externalagent/1.1",
    "WhatsApp/2.23.20.0",
    "TelegramBot (like TwitterBot)",
    "Twitterbot/1.0",
    "Viber/13.3",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
    "LinkedInBot/1.0 (compatible; Mozilla/5.0)",
    "SkypeUriPreview Preview/0.5",
    "Microsoft Office/16.0 (Microsoft Outlook 16.0; Pro)",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; SafeLinks)",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "GoogleImageProxy",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "coccocbot-web/1.0",
    "Applebot/0.1",
)


def _tables(store: Store) -> dict[str, list[str]]:
    with store.reading() as session:
        return {
            name: sorted(map(str, session.execute(text(f'SELECT * FROM "{name}"'))))
            for name in Base.metadata.tables
        }


def _links(store: Store, clock: SetClock) -> dict[str, str]:
    """Make every kind of public link."""
    make_round(store, clock, code="quay", entry="counter")
    batch = NewBatch("quay", COMMUNES[0], "Đất đai", clock.now().date(), 1)
    code = make_batch(store=store, clock=clock, actor="tests", new=batch).codes[0]
    make_round(
        store, clock, code="dai-bieu", questionnaire="delegates-assessment", population="delegates",
        entry="personal", counted_grades="A", units=(PROVINCE,),
    )  # fmt: skip
    people = [Invitee(f"Đại biểu {number}", PROVINCE, "Đại biểu") for number in range(3)]
    token = invite(store=store, clock=clock, round_code="dai-bieu", invitees=people)[0].token
    return {
        "open address": "/r/quay/",
        "unit's QR": f"/r/quay/?unit={COMMUNES[0]}",
        "personal link": f"/p/link/{token}",
        "where slips are typed": "/c/",
        "slip": f"/c/{code}",
        "home": "/",
        "privacy": "/privacy",
    }


@both_databases
def test_twenty_previews_of_every_link_leave_every_table_as_it_was_and_the_links_unused(
    store: Store, clock: SetClock, person: Callable[[], Person]
) -> None:
    """K23: GET and HEAD, with the redirects followed and the cookies kept, as the keenest preview does."""
    links = _links(store, clock)
    before = _tables(store)
    assert len(BOTS) == 20
    for agent in BOTS:
        bot = person()
        bot.client.environ_base["HTTP_USER_AGENT"] = agent
        for kind, link in links.items():
            assert bot.client.head(link).status_code in (200, 303), kind
            page = bot.open(link)
            assert page.status == 200, (kind, agent)
            for further in page.links[:3]:
                bot.client.get(further).close()
    assert _tables(store) == before
    citizen = person()
    citizen.open(links["slip"])
    assert citizen.send().address == "/c/quay/start"
    assert "Bắt đầu" in person().open(links["personal link"]).text


@both_databases
@pytest.mark.parametrize("agent", ["Mozilla/5.0 (Linux; Android 13; wv) Zalo android/24080001", "FBAN/FB4A"])
def test_a_browser_inside_an_app_is_offered_the_phones_own_and_refused_nothing(
    store: Store, clock: SetClock, person: Callable[[], Person], agent: str
) -> None:
    """K22: offered in words; no page opens another window or needs a download."""
    links = _links(store, clock)
    inside, outside = person(), person()
    inside.client.environ_base["HTTP_USER_AGENT"] = agent
    for link in (links["open address"], links["slip"]):
        page = inside.open(link)
        assert "Mở bằng trình duyệt" in page.text
        assert "Mở bằng trình duyệt" not in outside.open(link).text
        assert page.form.action
    pages: list[Any] = [inside.open(link) for link in links.values()]
    for page in pages:
        assert "_blank" not in page.html
        assert " download" not in page.html
