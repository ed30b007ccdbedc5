"""Devices by command: kiosks and tablets made, enrolled, paused, resumed and revoked without the pages."""

from __future__ import annotations

from uuid import UUID

import click

from survey.cli.context import CLOCK, actor, settings, store
from survey.cli.words import echo_table, say
from survey.services.clock import VIETNAM, day_in_vietnam
from survey.services.devices import registry as devices
from survey.services.devices.board import devices_for
from survey.services.devices.enrolment import enrolment_code
from survey.units import load_units


@click.group()
def device() -> None:
    """Add, enrol, list, pause, resume and revoke kiosks and tablets."""


@device.command("add")
@click.argument("stand")
@click.option("--kind", type=click.Choice(["kiosk", "tablet"]), default="kiosk", show_default=True)
@click.option("--unit", "unit_name", required=True, help="The unit where it stands.")
@click.option(
    "--level", type=click.Choice(["province", "commune", "agency"]), default="commune", show_default=True
)
@click.option("--round", "round_code", help="The round that a kiosk asks.")
def add(stand: str, kind: str, unit_name: str, level: str, round_code: str | None) -> None:
    """Make a device for a place, named as people there name it, and give its enrolment code."""
    today = day_in_vietnam(CLOCK.now())
    unit = load_units().find(unit_name, as_of=today, level=level)  # type: ignore[arg-type]  # click checked the choice
    opened = store()
    made = devices.make_device(
        store=opened,
        clock=CLOCK,
        actor=actor(),
        kind=kind,
        unit_id=unit.id,
        stand=stand,
        round_code=round_code,
    )
    click.echo(say(f"Đã thêm thiết bị {made.id}.", f"Device {made.id} added."))
    _give_code(made.id)


@device.command("code")
@click.argument("device_id", type=click.UUID)
def code(device_id: UUID) -> None:
    """Make another enrolment code: used once, within ten minutes; older codes end."""
    _give_code(device_id)


@device.command("list")
def list_all() -> None:
    """List every device with its state and its last sign of life."""
    rows = [
        [
            str(one.id),
            one.kind,
            one.unit_name,
            one.stand,
            one.round_code or "–",
            say("mất tín hiệu", "silent") if one.silent else one.status,
            f"{one.last_seen_at.astimezone(VIETNAM):%d/%m/%Y %H:%M}" if one.last_seen_at else "–",
            "–" if one.queue_length is None else str(one.queue_length),
        ]
        for one in devices_for(store=store(), clock=CLOCK, account=None)
    ]
    head = ["id", say("loại", "kind"), say("đơn vị", "unit"), say("chỗ đặt", "stand"), say("đợt", "round")]
    head += [say("trạng thái", "status"), say("báo hiệu", "last seen"), say("chưa gửi", "queue")]
    echo_table(head, rows, numeric=(7,))


@device.command("pause")
@click.argument("device_id", type=click.UUID)
def pause(device_id: UUID) -> None:
    """Pause a device: it stops at its next request, within five minutes."""
    devices.pause(store=store(), clock=CLOCK, actor=actor(), device_id=device_id)
    click.echo(say("Đã tạm dừng.", "Paused."))


@device.command("resume")
@click.argument("device_id", type=click.UUID)
def resume(device_id: UUID) -> None:
    """Let a paused device go on."""
    devices.resume(store=store(), clock=CLOCK, actor=actor(), device_id=device_id)
    click.echo(say("Đã cho chạy lại.", "Resumed."))


@device.command("revoke")
@click.argument("device_id", type=click.UUID)
def revoke(device_id: UUID) -> None:
    """Take a device out of use for good."""
    devices.revoke(store=store(), clock=CLOCK, actor=actor(), device_id=device_id)
    click.echo(say("Đã thu hồi.", "Revoked."))


def _give_code(device_id: UUID) -> None:
    made = enrolment_code(store=store(), clock=CLOCK, actor=actor(), device_id=device_id)
    address = f"{settings().public_base_url}/device/"
    until = f"{made.expires_at.astimezone(VIETNAM):%H:%M}"
    click.echo(
        say(
            f"Mã ghi danh: {made.written}  (gõ tại {address}, đến {until})",
            f"Enrolment code: {made.written}  (type it at {address}, until {until})",
        )
    )
