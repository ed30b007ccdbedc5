"""Who may see what: by role for a deed, by unit for a row. Deny by default."""

from __future__ import annotations

from functools import cache

from survey.services.accounts import Account
from survey.services.errors import NoSuchRound
from survey.storage import rounds
from survey.storage.models import RoundRow
from survey.storage.store import Store
from survey.units import load_units

#: What each role may do; `web` names one of these on every route. `arrange`: slips, invitations, paper,
#: assignments, imports. `review`: alarms, quarantine, differences, and what two persons decide.
#: `own`: what a judged unit may see of itself (K14). In a year's assessing: `assess` opens and moves it,
#: `assess_self` and `submit_self` are a judged unit's two persons, `appraise` an agency's in its areas,
#: `council` enters the council's decisions, `publish` is asked by one official and granted by another.
RIGHTS: dict[str, frozenset[str]] = {
    "official": frozenset(
        {"see", "export", "arrange", "review", "devices", "own", "assess", "appraise", "council", "publish"}
    ),
    "analyst": frozenset({"see", "export", "compute"}),
    "administrator": frozenset({"see", "devices", "review"}),
    # Who asks at the door or keys paper sees no result; their rounds follow from their assignments.
    "enumerator": frozenset({"collect", "key"}),
    # Of a judged unit: its reform contact enters, its head approves and submits; both see their unit alone.
    "unit": frozenset({"assess_self"}),
    "unit_head": frozenset({"assess_self", "submit_self"}),
    # Of the agency that an area belongs to.
    "appraiser": frozenset({"appraise"}),
}


def may(account: Account, right: str) -> bool:
    """Say whether an account's role has a right; an unknown role or right has none."""
    return right in RIGHTS.get(account.role, frozenset())


def is_judged(account: Account) -> bool:
    """Say whether an account is of a unit below a province: rounds judge it, and it sees none of them."""
    return load_units().get(account.unit_id).parent_id is not None


def units_of(account: Account) -> frozenset[str]:
    """Give the units an account may see: its own and all below it."""
    return _at_or_below(account.unit_id)


@cache
def _at_or_below(unit_id: str) -> frozenset[str]:
    tree = load_units()
    below = (unit.id for unit in tree.units if unit_id in {above.id for above in tree.ancestors(unit.id)})
    return frozenset({unit_id, *below})


def round_for(*, store: Store, account: Account, code: str) -> RoundRow:
    """Give a round within an account's units.

    Raises:
        NoSuchRound: it is elsewhere or nowhere; the answer does not tell which.
    """
    with store.reading() as session:
        round_ = rounds.round_in_scope(session, code, units_of(account))
    if round_ is None:
        raise NoSuchRound(code)
    return round_


def rounds_for(*, store: Store, account: Account) -> tuple[RoundRow, ...]:
    """List the rounds within an account's units, the newest year first."""
    with store.reading() as session:
        return tuple(rounds.rounds_in_scope(session, units_of(account)))
