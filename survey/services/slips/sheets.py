"""The sheet of a batch of slips, printed while its codes are known. Not how it looks (reports.print)."""

from __future__ import annotations

from survey.reports.print.slips import PrintedSlip, SlipSheet, print_slips
from survey.services.slips.batches import MadeBatch
from survey.services.slips.codes import written
from survey.units import load_units


def sheet_of(made: MadeBatch, base_url: str) -> SlipSheet:
    """Lay a batch out for printing.

    Args:
        base_url: PUBLIC_BASE_URL, the only source of the addresses on it (T14).
    """
    return SlipSheet(
        round_title=made.round.title_vi,
        unit_name=load_units().get(made.unit_id).full_name,
        procedure_group=made.procedure_group,
        month=made.month,
        expires_on=made.expires_on,
        typed_at=f"{base_url}/c/",
        simulated=made.round.simulated,
        slips=[PrintedSlip(written(code), f"{base_url}/c/{code}") for code in made.codes],
    )


def print_batch(made: MadeBatch, base_url: str) -> bytes:
    """Print a batch as a PDF."""
    return print_slips(sheet_of(made, base_url))
