"""What can be wrong with columns of inputs, or with draws from them.

Not inputs that do not fit the criteria set: they are refused as those of one unit are
(survey.scoring.RefusedInputs).
"""

from __future__ import annotations

from survey.errors import Invalid


class RaggedColumns(Invalid):
    """Columns that do not have one row a unit."""

    code = "SVY-422-60"
    texts = {
        "vi": "Cột số liệu “{leaf}” có {found} dòng, cần {expected} dòng, mỗi đơn vị một dòng.",
        "en": "The column “{leaf}” has {found} rows; {expected} are needed, one for each unit.",
    }
