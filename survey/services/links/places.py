"""The values of inviting: a person, the units that they judge, and their place in the design there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Judgement:
    """One unit that a person is asked to judge.

    A blank `psu` makes the person a PSU of their own, as in a simple random sample; its label then
    follows from the person's ballot and stands nowhere beside the name.
    """

    unit_id: str
    stratum: str
    psu: str = ""
    base_weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Person:
    """A person to invite, as the sender's list names them."""

    person_ref: str
    judgements: tuple[Judgement, ...]
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Invitee:
    """A person to invite about one unit, with their place in the design (see Judgement)."""

    person_ref: str
    judges: str
    stratum: str
    psu: str = ""
    base_weight: float = 1.0
