"""Languages by command: check a pack, publish it for a round, make one to fill in, keep its recordings."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from survey.cli.context import CLOCK, actor, store
from survey.cli.words import echo_table, say
from survey.questionnaires import (
    Questionnaire,
    check_pack,
    empty_pack,
    is_private,
    known_languages,
    load_file,
    load_pack,
    load_pack_file,
    load_shipped,
    trial_pack,
)
from survey.services.languages.packs import publish_pack, published_packs, withdraw_pack
from survey.services.languages.recordings import record_folder

_QUESTIONNAIRE = click.option("--questionnaire", help="Id of a shipped one, or a file.")
_FILE = click.Path(path_type=Path)


@click.group()
def language() -> None:
    """Check, publish, list and record language packs."""


@language.command("check")
@click.argument("file", type=_FILE)
@_QUESTIONNAIRE
def check_file(file: Path, questionnaire: str | None) -> None:
    """Report every problem of a pack, each with its path; exit 1 when there is any."""
    raw = load_pack_file(file)
    problems = check_pack(raw, _asked(questionnaire) if questionnaire else None)
    for problem in problems:
        click.echo(f"{problem.path}: [{problem.code}] {problem.message.in_(say.language())}")
    if problems:
        click.echo(say(f"{len(problems)} lỗi trong {file}", f"{len(problems)} problems in {file}"), err=True)
        sys.exit(1)
    pack = load_pack(raw)
    status = _status(pack.official)
    click.echo(
        say(
            f"{file}: đúng ({pack.language}, {pack.name_vi}, {status}, {len(pack.texts)} đoạn chữ)",
            f"{file}: sound ({pack.language}, {pack.name_vi}, {status}, {len(pack.texts)} texts)",
        )
    )


@language.command("publish")
@click.argument("file", type=_FILE)
@click.option("--round", "round_code", required=True, help="The round that gets the language.")
def publish(file: Path, round_code: str) -> None:
    """Offer a language on the pages of a round, and of all that ask the same questionnaire."""
    raw = load_pack_file(file)
    pack = publish_pack(store=store(), clock=CLOCK, round_code=round_code, raw=raw, actor=actor())
    click.echo(
        say(
            f"Đã công bố {pack.language} ({pack.name_vi}, {_status(pack.official)}) cho đợt {round_code}.",
            f"Published {pack.language} ({pack.name_vi}, {_status(pack.official)}) for round {round_code}.",
        )
    )


@language.command("withdraw")
@click.argument("tag")
@click.option("--round", "round_code", required=True, help="The round that loses the language.")
def withdraw(tag: str, round_code: str) -> None:
    """Take a language back from the pages; answers given in it stay."""
    withdraw_pack(store=store(), clock=CLOCK, round_code=round_code, language=tag, actor=actor())
    click.echo(say(f"Đã rút {tag} khỏi đợt {round_code}.", f"{tag} is withdrawn from round {round_code}."))


@language.command("list")
@click.option("--known", is_flag=True, help="List the tags to use instead of what is published.")
def list_all(known: bool) -> None:
    """List the published packs, or with --known the languages and the tags to use for them."""
    if known:
        rows = [[one.tag, one.vi, one.en, one.note] for one in known_languages()]
        echo_table([say("mã", "tag"), say("tiếng Việt", "Vietnamese"), "English", say("lưu ý", "mind")], rows)
        return
    rows = [
        [one.pack.language, one.pack.name_vi, one.questionnaire, _status(one.pack.official), one.published_by]
        for one in published_packs(store=store())
    ]
    head = [
        say("mã", "tag"),
        say("ngôn ngữ", "language"),
        say("bộ câu hỏi", "questionnaire"),
        say("loại", "kind"),
    ]
    echo_table([*head, say("người công bố", "published by")], rows)


@language.command("template")
@click.argument("questionnaire")
@click.option("--language", "tag", required=True, help="Tag of the language; qaa makes a filled test pack.")
def template(questionnaire: str, tag: str) -> None:
    """Print a pack to fill in: every text blank, its Vietnamese beside it."""
    asked = _asked(questionnaire)
    document = trial_pack(asked, tag) if is_private(tag) else empty_pack(asked, tag)
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


@language.command("record")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--questionnaire", required=True, help="Id of a shipped one, or a file.")
@click.option("--pack", type=_FILE, help="The pack whose words are spoken; without it, the Vietnamese.")
def record(folder: Path, questionnaire: str, pack: Path | None) -> None:
    """Keep the recordings of a folder, each file named by the key of its text (.ogg, .opus or .m4a)."""
    asked = _asked(questionnaire)
    spoken = load_pack(load_pack_file(pack), asked) if pack else None
    done = record_folder(
        store=store(), clock=CLOCK, questionnaire=asked, pack=spoken, folder=folder, actor=actor()
    )
    click.echo(say(f"Đã nhận {len(done.kept)} bản ghi âm.", f"{len(done.kept)} recordings kept."))
    for key in done.missing:
        click.echo(say(f"  chưa có: {key}", f"  missing: {key}"))


def _asked(name: str) -> Questionnaire:
    return load_file(name) if Path(name).suffix == ".json" else load_shipped(name)


def _status(official: bool) -> str:
    return say("chính thức", "official") if official else say("gói thử", "test pack")
