"""Accounts by command: there is none until one is added here."""

from __future__ import annotations

import click

from survey.cli.context import CLOCK, store
from survey.cli.words import echo_table, say
from survey.services.accounts import add_account, list_accounts, set_active, set_password
from survey.services.clock import day_in_vietnam
from survey.units import load_units

_ROLES = click.Choice(
    ["official", "analyst", "administrator", "enumerator", "unit", "unit_head", "appraiser"]
)


@click.group()
def user() -> None:
    """Add, list, disable and enable accounts."""


@user.command("add")
@click.argument("login")
@click.option("--role", type=_ROLES, required=True)
@click.option("--name", "full_name", help="Full name; the login if left out.")
@click.option(
    "--unit", "unit_name", default="Lâm Đồng", show_default=True, help="What they see lies at or below it."
)
@click.option(
    "--level", type=click.Choice(["province", "commune", "agency"]), default="province", show_default=True
)
@click.password_option(help="12 characters or more; asked for when left out.")
def add(login: str, role: str, full_name: str | None, unit_name: str, level: str, password: str) -> None:
    """Add an account."""
    today = day_in_vietnam(CLOCK.now())
    unit = load_units().find(unit_name, as_of=today, level=level)  # type: ignore[arg-type]  # click checked the choice
    made = add_account(
        store=store(),
        clock=CLOCK,
        login=login,
        full_name=full_name or login,
        role=role,
        unit_id=unit.id,
        password=password,
    )
    click.echo(
        say(
            f"Đã tạo tài khoản {made.login} ({made.role}, {unit.full_name}).",
            f"Account {made.login} made ({made.role}, {unit.full_name}).",
        )
    )


@user.command("password")
@click.argument("login")
@click.password_option(help="12 characters or more; asked for when left out.")
def password_of(login: str, password: str) -> None:
    """Give an account a new password; its sessions end at once."""
    set_password(store=store(), clock=CLOCK, login=login, password=password)
    click.echo(say(f"Đã đổi mật khẩu của {login}.", f"The password of {login} is changed."))


@user.command("list")
def list_all() -> None:
    """List every account."""
    tree = load_units()
    rows = [
        [
            one.login,
            one.full_name,
            one.role,
            tree.get(one.unit_id).full_name,
            say("có", "yes") if active else say("không", "no"),
        ]
        for one, active in list_accounts(store=store())
    ]
    head = [say("đăng nhập", "login"), say("họ tên", "name"), say("vai trò", "role"), say("đơn vị", "unit")]
    echo_table([*head, say("hoạt động", "active")], rows)


@user.command("disable")
@click.argument("login")
def disable(login: str) -> None:
    """Shut an account out; its sessions end at once."""
    set_active(store=store(), clock=CLOCK, login=login, active=False)
    click.echo(say(f"Đã khóa {login}.", f"{login} is disabled."))


@user.command("enable")
@click.argument("login")
def enable(login: str) -> None:
    """Let an account in again."""
    set_active(store=store(), clock=CLOCK, login=login, active=True)
    click.echo(say(f"Đã mở {login}.", f"{login} is enabled."))
