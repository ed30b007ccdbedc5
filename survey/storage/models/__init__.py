"""The tables, one file an aggregate."""

from survey.storage.models.accounts import ROLES, AccountRow, AuditEventRow, LoginSessionRow, SignInFailureRow
from survey.storage.models.base import Base
from survey.storage.models.invitations import InvitationRow
from survey.storage.models.responses import DraftRow, ResponseConflictRow, ResponseRow
from survey.storage.models.results import LeafInputRow, ResultRow, ScoreRow, SnapshotRow
from survey.storage.models.rounds import QuestionnaireRow, RoundRow, RoundUnitRow
from survey.storage.models.units import UnitRow

__all__ = [
    "ROLES",
    "AccountRow",
    "AuditEventRow",
    "Base",
    "DraftRow",
    "InvitationRow",
    "LeafInputRow",
    "LoginSessionRow",
    "QuestionnaireRow",
    "ResponseConflictRow",
    "ResponseRow",
    "ResultRow",
    "RoundRow",
    "RoundUnitRow",
    "ScoreRow",
    "SignInFailureRow",
    "SnapshotRow",
    "UnitRow",
]
