"""The tables, one file an aggregate."""

from survey.storage.models.accounts import ROLES, AccountRow, AuditEventRow, LoginSessionRow, SignInFailureRow
from survey.storage.models.assessment_entries import (
    AssessmentEntryRow,
    AssessmentEvidenceRow,
    AssessmentMinutesRow,
    AssessmentPublicationRow,
    AssessmentRemedyRow,
)
from survey.storage.models.assessments import (
    STAGES,
    AssessmentAreaRow,
    AssessmentBlockRow,
    AssessmentRequestRow,
    AssessmentRow,
    AssessmentUnitRow,
    CriteriaSetRow,
)
from survey.storage.models.base import Base
from survey.storage.models.circumstances import ASSISTANTS, PageCountRow, ParadataRow, QuarantinedRow
from survey.storage.models.devices import (
    DEVICE_KINDS,
    DEVICE_STATUSES,
    OPTION_ORDERS,
    DeviceRow,
    EnrolmentCodeRow,
    HeartbeatRow,
    RateCountRow,
)
from survey.storage.models.fieldwork import AssignmentRow, ImportRow, SlipBatchRow, SlipCodeRow
from survey.storage.models.invitations import InvitationRow, InvitedJudgementRow
from survey.storage.models.languages import LanguagePackRow, RecordingRow
from survey.storage.models.oversight import (
    DECISIONS,
    AlarmRow,
    ApprovalRow,
    ExclusionRow,
    TransactionCountRow,
)
from survey.storage.models.paper import (
    PAPER_STATUSES,
    RECHECK_STATUSES,
    AdjudicationRow,
    PaperFormRow,
    PaperKeyingRow,
    RecheckRow,
    RecheckSampleRow,
)
from survey.storage.models.responses import DraftRow, ResponseConflictRow, ResponseRow
from survey.storage.models.results import LeafInputRow, ResultRow, ScoreRow, SnapshotRow
from survey.storage.models.rounds import QuestionnaireRow, RoundRow, RoundUnitRow
from survey.storage.models.units import UnitRow

__all__ = [
    "STAGES",
    "AssessmentAreaRow",
    "AssessmentBlockRow",
    "AssessmentEntryRow",
    "AssessmentEvidenceRow",
    "AssessmentMinutesRow",
    "AssessmentPublicationRow",
    "AssessmentRemedyRow",
    "AssessmentRequestRow",
    "AssessmentRow",
    "AssessmentUnitRow",
    "CriteriaSetRow",
    "DEVICE_KINDS",
    "DEVICE_STATUSES",
    "OPTION_ORDERS",
    "DeviceRow",
    "EnrolmentCodeRow",
    "HeartbeatRow",
    "RateCountRow",
    "ASSISTANTS",
    "PageCountRow",
    "ParadataRow",
    "QuarantinedRow",
    "AssignmentRow",
    "ImportRow",
    "SlipBatchRow",
    "SlipCodeRow",
    "PAPER_STATUSES",
    "RECHECK_STATUSES",
    "AdjudicationRow",
    "PaperFormRow",
    "PaperKeyingRow",
    "RecheckRow",
    "RecheckSampleRow",
    "DECISIONS",
    "AlarmRow",
    "ApprovalRow",
    "ExclusionRow",
    "TransactionCountRow",
    "LanguagePackRow",
    "RecordingRow",
    "ROLES",
    "AccountRow",
    "AuditEventRow",
    "Base",
    "DraftRow",
    "InvitationRow",
    "InvitedJudgementRow",
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
