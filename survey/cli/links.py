"""Personal links by command: invite, remind, make anew, take back, list, seal.

Links are written once, to a new file, or sent.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click

from survey.cli.context import CLOCK, actor, settings, store
from survey.cli.rounds import round_group
from survey.cli.words import echo_table, say
from survey.services.errors import LinksFileTaken
from survey.services.links import reminders
from survey.services.links.errors import BadJudgingPlan, BadPeopleList, MailNotSet
from survey.services.links.handing_out import FILES, as_file, by_mail
from survey.services.links.importing_people import Taken, import_people
from survey.services.links.invitations import Link, invite, read_invitees
from survey.services.links.judging_plans import load_plan
from survey.services.links.mailing import can_mail
from survey.services.links.sealing import finish_sealing
from survey.services.rounds import round_named
from survey.services.unit_names import unit_name
from survey.storage.models import RoundRow

__all__ = ["round_group"]

_LINKS = click.option(
    "--links", type=click.Path(path_type=Path), help="New file to write the links to: .csv, .xlsx or .pdf."
)
_MAIL = click.option("--mail", is_flag=True, help="Send each person an e-mail instead.")


@round_group.command("invite")
@click.argument("code")
@click.argument("people", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@_LINKS
@_MAIL
@click.option("--plan", help="Judging plan: a file, or the id of a shipped one.")
@click.option("--dry-run", is_flag=True, help="Check the list and invite nobody.")
@click.option("--confirm-attributable", help="Who confirms, and why, that fewer than 3 people may be alike.")
def invite_people(
    code: str,
    people: Path,
    links: Path | None,
    mail: bool,
    plan: str | None,
    dry_run: bool,
    confirm_attributable: str | None,
) -> None:
    """Make a personal link for each person of a list (xlsx or CSV) who has none yet."""
    raw = people.read_bytes()
    if _is_plain(raw) and not plan and not dry_run:
        invitees = read_invitees(raw)
        _hand_out(
            code,
            lambda: invite(store=store(), clock=CLOCK, round_code=code, invitees=invitees, actor=actor()),
            links,
            mail,
        )
        return

    def take() -> Taken:
        return import_people(
            store=store(),
            clock=CLOCK,
            round_code=code,
            raw=raw,
            name=people.name,
            plan=load_plan(plan) if plan else None,
            confirmation=confirm_attributable,
            dry_run=dry_run,
            actor=actor(),
        )

    try:
        if dry_run:
            _tell(take())
        else:
            _hand_out(code, lambda: _told(take()), links, mail)
    except (BadPeopleList, BadJudgingPlan) as refused:
        for line in _problem_lines(refused):
            click.echo(line, err=True)
        raise


@round_group.command("remind")
@click.argument("code")
@_LINKS
@_MAIL
def remind(code: str, links: Path | None, mail: bool) -> None:
    """Make new links for people who have not answered all; the earlier ones stop working."""
    _hand_out(
        code,
        lambda: reminders.remind(store=store(), clock=CLOCK, round_code=code, actor=actor()),
        links,
        mail,
        reminder=True,
    )


@round_group.command("reissue")
@click.argument("code")
@click.argument("person", required=False)
@click.option("--all", "everybody", is_flag=True, help="New links for everybody.")
@_LINKS
@_MAIL
def reissue(code: str, person: str | None, everybody: bool, links: Path | None, mail: bool) -> None:
    """Make a new link for one person, by name, or for everybody; the ballot stays the same."""
    if bool(person) == everybody:
        raise click.UsageError(say("Nêu một người, hoặc --all.", "Name one person, or --all."))

    def make() -> Sequence[Link]:
        if person is None:
            return reminders.reissue_all(store=store(), clock=CLOCK, round_code=code, actor=actor())
        one = reminders.invitation_of(store=store(), round_=_round(code), person_ref=person)
        return reminders.reissue(
            store=store(), clock=CLOCK, round_code=code, invitation_id=one, actor=actor()
        )

    _hand_out(code, make, links, mail)


@round_group.command("revoke")
@click.argument("code")
@click.argument("person")
def revoke(code: str, person: str) -> None:
    """Take one person's link back, by name; what was sent by it stays."""
    one = reminders.invitation_of(store=store(), round_=_round(code), person_ref=person)
    reminders.revoke(store=store(), clock=CLOCK, round_code=code, invitation_id=one, actor=actor())
    click.echo(say(f"Đã thu hồi đường dẫn của {person}.", f"The link of {person} was taken back."))


@round_group.command("links")
@click.argument("code")
def list_links(code: str) -> None:
    """List whom a round invited. Neither links nor who answered: both stand nowhere."""
    rows = [
        [
            person.person_ref,
            ", ".join(sorted({one.group for one in judged})),
            unit_name(judged[0].judges) if len(judged) == 1 else str(len(judged)),
            person.email or "–",
            person.sent_on.isoformat() if person.sent_on else "–",
        ]
        for person, judged in reminders.invited_people(store=store(), round_=_round(code))
    ]
    head = [
        say("họ tên", "name"),
        say("nhóm", "group"),
        say("đơn vị", "units"),
        "email",
        say("ngày mời", "invited"),
    ]
    echo_table(head, rows)


@round_group.command("seal")
@click.argument("code")
def seal(code: str) -> None:
    """Finish a sealing that two persons decided: destroy the key, clean the database's files."""
    finish_sealing(store=store(), clock=CLOCK, round_code=code, actor=actor())
    click.echo(
        say(
            f"Đợt {code} đã niêm phong xong: không còn gì nối đường dẫn với phiếu.",
            f"Round {code} is sealed: nothing joins links and responses any more.",
        )
    )


def _is_plain(raw: bytes) -> bool:
    """Say whether a list is the plain CSV of scripts, which names no group."""
    head = raw.split(b"\n", 1)[0].decode("utf-8", "replace").lstrip("\ufeff").strip().split(",")
    return {"person", "unit", "stratum", "psu", "weight"} <= {name.strip() for name in head}


def _hand_out(
    code: str,
    make: Callable[[], Sequence[Link]],
    links: Path | None,
    mail: bool,
    *,
    reminder: bool = False,
) -> None:
    """Make links and write them to a new file, or send them; nothing is made where neither can be."""
    if (links is None) == (not mail):
        raise click.UsageError(
            say("Chọn một: --links TỆP hoặc --mail.", "Choose one: --links FILE or --mail.")
        )
    told = settings()
    if links is None:
        if not can_mail(told):
            raise MailNotSet()
        made = make()
        mailed = by_mail(settings=told, clock=CLOCK, round_=_round(code), links=made, reminder=reminder)
        click.echo(say(f"Đã gửi {mailed.sent} thư.", f"{mailed.sent} messages sent."))
        for name in mailed.failed:
            click.echo(say(f"  chưa gửi được: {name}", f"  not sent: {name}"), err=True)
        return
    way = links.suffix.removeprefix(".")
    if way not in FILES:
        raise click.UsageError(
            say("Tệp cần đuôi .csv, .xlsx hoặc .pdf.", "The file must end in .csv, .xlsx or .pdf.")
        )
    # Opened before anybody is invited: a link that could not be written down would be lost for good.
    with _new_file(links) as file:
        made = make()
        handed = as_file(settings=told, round_=_round(code), links=made, way=way, reminder=reminder)
        file.write(handed.content)
    click.echo(say(f"Đã tạo {len(made)} đường dẫn: {links}", f"{len(made)} links made: {links}"))


def _told(taken: Taken) -> Sequence[Link]:
    _tell(taken)
    return taken.links


def _tell(taken: Taken) -> None:
    click.echo(
        say(
            f"Mời mới {taken.new} người, thêm đơn vị cho {taken.widened}, đã mời trước {taken.known}; "
            f"{taken.judgements} lượt đánh giá mới.",
            f"{taken.new} people new, {taken.widened} with more units, {taken.known} invited before; "
            f"{taken.judgements} new judgements.",
        )
    )
    for cell in taken.small:
        click.echo(say(f"  dưới 3 người: {cell} ({cell.people})", f"  fewer than 3: {cell} ({cell.people})"))


def _problem_lines(refused: BadPeopleList | BadJudgingPlan) -> Iterator[str]:
    if isinstance(refused, BadJudgingPlan):
        yield from (one.text(say.language()) for one in refused.listed)
        return
    for one in refused.listed:
        yield f"{one.sheet}!{one.cell}: {one.message.in_(say.language())}"


def _round(code: str) -> RoundRow:
    with store().reading() as session:
        return round_named(session, code)


@contextmanager
def _new_file(path: Path) -> Iterator[BinaryIO]:
    """Open a new file that only its owner may read; after an error none is left behind."""
    try:
        file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
    except FileExistsError as error:
        raise LinksFileTaken(path=path) from error
    except OSError as error:
        raise click.FileError(str(path), error.strerror) from error
    try:
        with file:
            yield file
    except BaseException:
        path.unlink()
        raise
