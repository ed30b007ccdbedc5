"""The queue's own script in real Chromium: what it keeps, sends, tells, and what it never believes (O2-O4, F21, F23)."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route

from survey.questionnaires import answers_sha256, load_shipped, on_path, read_answers
from tests.browser.conftest import OpenPage
from tests.browser.drawn_answers import drawn, in_some_form
from tests.browser.sites import LiveSite

pytestmark = pytest.mark.browser
STATIC = Path(__file__).parents[2] / "survey" / "web" / "static" / "js"

#: A queue whose records need no key; `send` answers with the report and what is left.
_OPEN = """async () => {
  const { openQueue } = await import("/static/js/queue.js");
  const words = new TextEncoder(), letters = new TextDecoder();
  window.queue = await openQueue({
    name: "test", server: "S",
    seal: (record) => words.encode(JSON.stringify(record)),
    prepare: async ({ sealed }) => {
      const record = JSON.parse(letters.decode(sealed));
      return { record, expects: { sha256: record.sha256 } };
    },
  });
  window.told = [];
  for (const kind of ["trouble", "quarantined", "sent"]) queue.addEventListener(kind, ({ detail }) => told.push([kind, detail.kind ?? detail.id]));
  window.fill = async (...ids) => { for (const id of ids) await queue.add({ id, record: { response_id: id, sha256: `h-${id}` }, about: {} }); };
  window.send = async () => {
    const report = await queue.send({ url: "/test/sync", quarantine: "/test/quarantine" });
    return { ...report, ...(await queue.counts()) };
  };
}"""


@pytest.fixture
def site(bare_site: LiveSite) -> LiveSite:
    return bare_site


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A page with an empty queue; what its sending is answered with, a test says."""
    made = open_page(expected="ERR_|status 4|status 5|Failed to load")
    made.goto("/privacy")
    made.evaluate(_OPEN)
    return made


def answers(page: Page, *told: dict[str, Any]) -> list[Any]:
    """Answer what is sent, one after another, the last for ever; give what was sent."""
    left, seen = list(told), []

    def answer(route: Route) -> None:
        seen.append(json.loads(route.request.post_data or "null"))
        now = left.pop(0) if len(left) > 1 else left[0]
        if now.get("abort"):
            route.abort("internetdisconnected")
            return
        body = now.get("body")
        if callable(body):
            body = body(seen[-1])
        kind = now.get("kind", "application/json")
        text = body if isinstance(body, str) else json.dumps(body)
        headers = {"Content-Type": kind, **now.get("headers", {})}
        route.fulfill(status=now.get("status", 200), headers=headers, body=text)

    page.route("**/test/sync", answer)
    return seen


def results(status: int = 201, **change: Any) -> Any:
    """Acknowledge every record as the site does, with something changed."""

    def body(sent: Any) -> dict[str, Any]:
        each = [
            {
                "response_id": one["response_id"],
                "status": status,
                "receipt": "R",
                "sha256": one["sha256"],
                **change,
            }
            for one in sent["records"]
        ]
        return {"srv": "S", "results": each}

    return body


@pytest.mark.parametrize(
    ("told", "trouble"),
    [
        ({"body": "<html>Đăng nhập wifi</html>", "kind": "text/html"}, "portal"),
        ({"status": 302, "headers": {"Location": "/privacy"}, "body": ""}, "portal"),
        ({"status": 201, "body": "<html></html>", "kind": "text/html"}, "portal"),
        ({"status": 201, "body": {"ok": True}}, "portal"),
        ({"body": lambda sent: {**results()(sent), "srv": "another"}}, "portal"),
        ({"body": [1]}, "portal"),
        ({"status": 403, "body": "<html></html>", "kind": "text/html"}, "portal"),
        ({"status": 401, "body": {"error": {"code": "SVY-401-240"}}}, "sign-in"),
        ({"status": 403, "body": {"error": {"code": "SVY-403-210"}}}, "sign-in"),
        ({"status": 429, "body": {}}, "server"),
        ({"status": 502, "body": "<html></html>", "kind": "text/html"}, "server"),
        ({"status": 503, "body": {}}, "server"),
        ({"abort": True}, "network"),
        ({"status": 404, "body": {}}, "refused"),
    ],
)
def test_nothing_but_an_acknowledgement_lets_a_record_go(
    page: Page, told: dict[str, Any], trouble: str
) -> None:
    """F21, O4: a captive portal's 200, a login's 302, a 201 of somebody else, 401, 403, 5xx: everything stays."""
    answers(page, told)
    page.evaluate("fill('a', 'b')")
    report = page.evaluate("send()")
    assert (report["waiting"], report["sent"], report["quarantined"]) == (2, 0, 0)
    if trouble != "refused":
        assert report["trouble"] == trouble
    answers(page, {"body": results()})
    assert page.evaluate("send()")["sent"] == 2


@pytest.mark.parametrize(
    "change",
    [{"sha256": "h-other"}, {"sha256": None}, {"status": 200}, {"status": 503}, {"response_id": "x"}],
)
def test_an_acknowledgement_that_is_not_this_records_own_lets_nothing_go(
    page: Page, change: dict[str, Any]
) -> None:
    """O2: status, hash and id must all be right."""
    answers(page, {"body": results(**change)})
    page.evaluate("fill('a')")
    report = page.evaluate("send()")
    assert (report["waiting"], report["sent"], report["kept"]) == (1, 0, 1)


def test_an_acknowledged_record_keeps_its_receipt_for_seven_days_and_no_content(page: Page) -> None:
    """O2: deleted only after the acknowledgement is kept; the content goes at once."""
    answers(page, {"body": results()})
    page.evaluate("fill('a')")
    assert page.evaluate("send()")["done"] == 1
    [kept] = page.evaluate("queue.list()")
    assert (kept["state"], kept["receipt"]) == ("sent", "R")
    assert page.evaluate("queue.contents()") == []
    assert page.evaluate("queue.all()")[0].get("sealed") is None
    page.evaluate("queue.now = () => Date.now() + 6.9 * 86_400_000; queue.prune()")
    assert len(page.evaluate("queue.list()")) == 1
    page.evaluate("queue.now = () => Date.now() + 7.1 * 86_400_000; queue.prune()")
    assert page.evaluate("queue.list()") == []


@pytest.mark.parametrize("status", [202, 409, 413, 422])
def test_a_record_that_cannot_be_taken_is_put_aside_told_once_and_holds_up_nothing(
    page: Page, status: int
) -> None:
    """O4, O11: quarantined on the device and, raw, on the server; the others go their way."""

    def body(sent: Any) -> dict[str, Any]:
        told = results()(sent)
        for one in told["results"]:
            if one["response_id"] == "bad":
                one |= {"status": status, "code": "SVY-422-240", "message": {"vi": "sai", "en": "wrong"}}
        return told  # type: ignore[no-any-return]  # a dict

    raws: list[str] = []

    def keep(route: Route) -> None:
        import hashlib

        raw = route.request.post_data or ""
        raws.append(raw)
        told = {"srv": "S", "raw_sha256": hashlib.sha256(raw.encode()).hexdigest()}
        route.fulfill(status=201, content_type="application/json", body=json.dumps(told))

    page.route("**/test/quarantine", keep)
    answers(page, {"body": body})
    page.evaluate("fill('a', 'bad', 'c')")
    for _ in range(2):
        report = page.evaluate("send()")
    assert (report["waiting"], report["sent"], report["quarantined"]) == (0, 2, 1)
    # What the server said it holds already need not be told again.
    assert [json.loads(raw)["response_id"] for raw in raws] == ([] if status == 202 else ["bad"])
    [left] = page.evaluate("queue.contents()")
    assert (left["id"], left["told"], left["code"]) == ("bad", True, "SVY-422-240")


def test_a_batch_that_is_too_large_is_sent_in_halves(page: Page) -> None:
    """O4: 413 for a batch says nothing of its records."""
    sent = answers(page, {"status": 413, "body": {}}, {"status": 413, "body": {}}, {"body": results()})
    page.evaluate("fill(...Array.from({ length: 8 }, (_, at) => `r${at}`))")
    assert page.evaluate("send()")["sent"] == 8
    assert [len(one["records"]) for one in sent] == [8, 4, 2, 2, 2, 2]


def test_two_tabs_do_not_send_at_once(page: Page) -> None:
    """platforms.md §5 row 17: one tab sends, the other waits its turn; every id goes out once."""
    sent = answers(page, {"body": results()})
    page.evaluate("fill('a', 'b', 'c')")
    page.evaluate("Promise.all([send(), send(), send()])")
    assert sorted(one["response_id"] for batch in sent for one in batch["records"]) == ["a", "b", "c"]


def test_waiting_grows_to_five_minutes_and_the_servers_wish_comes_first(page: Page) -> None:
    """O4: 5 s·2ⁿ up to 5 min, ±20 %; Retry-After is kept."""
    waits = page.evaluate(
        """async () => {
          const { waitAfter } = await import("/static/js/queue.js");
          return { low: [0, 1, 2, 3, 6, 60].map((n) => waitAfter(n, 0, () => 0)),
                   high: [0, 1, 6, 60].map((n) => waitAfter(n, 0, () => 1)),
                   asked: [waitAfter(9, 30, () => 0), waitAfter(0, 30, () => 1), waitAfter(0, 1e9, () => 0)] };
        }"""
    )
    assert waits["low"] == pytest.approx([4, 8, 16, 32, 240, 240])
    assert waits["high"] == pytest.approx([6, 12, 360, 360])
    assert waits["asked"] == pytest.approx([30, 36, 3600])


def test_a_lost_connection_to_the_database_is_opened_again(page: Page) -> None:
    """O1, enketo #1576: iOS closes it in the background; nothing is lost and nothing fails."""
    page.evaluate("fill('a')")
    page.evaluate("queue.database.close()")
    page.evaluate("fill('b')")
    assert page.evaluate("queue.counts()")["waiting"] == 2


@pytest.mark.parametrize("fault", ["quota", "abort", "forgets"])
def test_what_could_not_be_kept_is_never_called_kept(page: Page, fault: str) -> None:
    """F23: a full disk, an aborted transaction, a database that forgets: NotSaved, and the queue goes on."""
    page.evaluate(
        """(fault) => {
          const add = IDBObjectStore.prototype.add;
          IDBObjectStore.prototype.add = function (...given) {
            if (fault === "forgets") return this.get("nothing");
            if (fault === "quota") throw new DOMException("full", "QuotaExceededError");
            const request = add.apply(this, given);
            this.transaction.abort();
            return request;
          };
          window.restore = () => { IDBObjectStore.prototype.add = add; };
        }""",
        fault,
    )
    failed = page.evaluate("fill('a').then(() => 'kept', (error) => error.constructor.name)")
    assert failed == "NotSaved"
    page.evaluate("restore()")
    assert page.evaluate("queue.counts()")["waiting"] == 0
    page.evaluate("fill('a')")
    assert page.evaluate("queue.counts()")["waiting"] == 1


def test_no_storage_is_said_at_the_start(open_page: OpenPage) -> None:
    """F23, enketo #1050: private mode or a disabled database is told before anybody is interviewed."""
    page = open_page()
    page.add_init_script(
        "Object.defineProperty(window, 'indexedDB', { value: { open() { throw new Error('no'); } } })"
    )
    page.goto("/privacy")
    said = page.evaluate(
        """async () => {
          const { openQueue } = await import("/static/js/queue.js");
          return openQueue({ name: "x", server: "S", seal: null }).then(() => "open", (error) => error.constructor.name);
        }"""
    )
    assert said == "NoStorage"


@pytest.mark.parametrize("name", ["sipas-households-2024", "sipas-service-users-2017", "service-counter"])
def test_the_tablet_routes_reads_and_hashes_as_the_server_does(page: Page, name: str) -> None:
    """O2, platforms.md §5 row 5: drawn answers, in NFC and NFD, off the path and on it; one hash, one path."""
    asked = load_shipped(name)
    cases = [drawn(asked, seed) for seed in range(60)]
    sent = [
        {item: in_some_form(value, seed) for item, value in case.items()} for seed, case in enumerate(cases)
    ]
    told = page.evaluate(
        """async ([text, sha, cases]) => {
          const { pathOf, readValue, answersSha256 } = await import("/static/js/tablet/routing.js");
          const document_ = JSON.parse(text), items = document_.sections.flatMap((section) => section.items);
          return Promise.all(cases.map(async (given) => {
            const read = new Map(), problems = [];
            for (const item of items) {
              if (!(item.id in given)) continue;
              const { value, problem } = readValue(document_, item, given[item.id]);
              if (problem) problems.push([item.id, problem]);
              else if (value !== undefined) read.set(item.id, value);
            }
            const { kept, steps } = pathOf(document_, read);
            return { problems, hash: await answersSha256(sha, kept), kept: Object.fromEntries(kept),
                     visible: steps.flatMap((step) => step.items.map((item) => item.id)) };
          }));
        }""",
        [asked.raw.decode(), asked.sha256, sent],
    )
    for case, one in zip(cases, told, strict=True):
        kept = on_path(asked, case)
        expected = {item: list(value) if isinstance(value, tuple) else value for item, value in kept.items()}
        assert one["problems"] == []
        assert one["kept"] == expected
        read = read_answers(asked, on_path(asked, in_some_forms(case)))
        assert one["hash"] == answers_sha256(asked, read)


def in_some_forms(case: dict[str, Any]) -> dict[str, Any]:
    return {item: in_some_form(value, 1) for item, value in case.items()}


def test_texts_are_trimmed_and_refused_as_the_server_does(page: Page) -> None:
    """L1: spaces of every kind, line ends, marks that NFC leaves apart, lengths at the edge."""
    asked = load_shipped("service-counter")
    item = next(item for item in asked.items if item.scale is None)
    most = item.max_length or 0
    texts = [
        "  Ông Đạ Tẻh \n", "\u3000a\u2003", "\ufeffa", "a\r\nb", "a\x00b", "e\u0302\u0306" * most, "ê̆" * (most + 1),
        "a" * most, "a" * (most + 1), "😀" * most, "漢" * most, "\t", "\u200b", "a\u2028b", "x" * (4 * most + 1),
    ]  # fmt: skip
    required = {one.id: one.scale.options[0].id for one in asked.items if one.required and one.scale}
    told = page.evaluate(
        """async ([text, id, texts]) => {
          const { readValue } = await import("/static/js/tablet/routing.js");
          const document_ = JSON.parse(text);
          const item = document_.sections.flatMap((section) => section.items).find((one) => one.id === id);
          return texts.map((one) => readValue(document_, item, one));
        }""",
        [asked.raw.decode(), item.id, texts],
    )
    for text, one in zip(texts, told, strict=True):
        try:
            expected = {"value": read_answers(asked, {**required, item.id: text}).get(item.id)}
        except Exception as error:
            expected = {"problem": error.problems[0].code}  # type: ignore[attr-defined]  # InvalidAnswers
        found = {"problem": one["problem"]} if "problem" in one else {"value": one.get("value")}
        assert found == expected, ascii(text[:20])


def test_the_worker_never_touches_what_writes() -> None:
    """O12, enketo #1584: the first thing it does with a request is to let everything but GET pass."""
    script = (STATIC / "sw.js").read_text(encoding="utf-8")
    handler = script.split('addEventListener("fetch", (event) => {')[1]
    assert handler.strip().startswith('if (event.request.method !== "GET") return;')
    assert script.count("respondWith") == len(re.findall(r"\.respondWith\(", handler))


@pytest.fixture
def worker_page(open_page: OpenPage) -> Page:
    page = open_page(expected="status 4|Failed to load")
    page.goto("/privacy")
    page.evaluate(
        """navigator.serviceWorker.register("/sw.js").then(() => navigator.serviceWorker.ready)
           .then(() => new Promise((done) => navigator.serviceWorker.controller ? done()
             : navigator.serviceWorker.addEventListener("controllerchange", done)))"""
    )
    return page


def test_the_worker_keeps_the_shell_and_no_page_of_a_person(worker_page: Page) -> None:
    """O12: a POST reaches the server with its body; personal links, phones' and officials' pages are not kept."""
    for path in ("/p/link/xxxxxxxxxxxxxxxxxxxxxx", "/r/quay-thu/", "/office/sign-in", "/"):
        worker_page.goto(path)
    worker_page.goto("/privacy")
    kept = worker_page.evaluate(
        """async () => (await Promise.all((await caches.keys()).map(async (name) =>
             (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname)))).flat()"""
    )
    assert kept
    assert [path for path in kept if not path.startswith(("/static/", "/tablet/", "/kiosk/"))] == []
    status = worker_page.evaluate(
        "fetch('/api/v1/rounds/x/responses', { method: 'POST', body: '{}', headers: { 'Content-Type': 'application/json' } }).then((answer) => answer.json())"
    )
    assert status["error"]["code"] == "SVY-400-03"


def test_the_worker_is_asked_anew_each_time_and_named_by_what_it_keeps(site: LiveSite) -> None:
    """enketo #1474: the worker's address never changes, its text does with every file it keeps."""
    answer = site.app.test_client().get("/sw.js")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.mimetype == "text/javascript"
    named = json.loads(answer.text.split("self.SHELL = ", 1)[1].split(";\n", 1)[0])
    client = site.app.test_client()
    for address in named["assets"]:
        kept = client.get(address)
        assert kept.status_code == 200, address
        kept.close()
    assert re.fullmatch(r"[0-9a-f]{16}", named["version"])
    module = client.get("/static/js/queue.js")
    assert module.headers["Cache-Control"] == "no-cache"
    module.close()
