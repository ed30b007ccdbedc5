"""The codebook as one document: what each variable is, what each code means, how to declare the design.

Not its file (codebook_files.py). The same for every format of the same snapshot.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from survey.questionnaires import Text
from survey.reports.microdata.declarations import declarations
from survey.reports.microdata.tallies import Tally
from survey.reports.microdata.values import NOT_ASKED, IndexFormula, Microdata, Variable

SCHEMA_VERSION = "1.0"
#: What a reader must know before the first figure.
RULES = (
    Text.of(
        {
            "vi": "Mã từ 0 trở lên là câu trả lời. Mã âm nằm ngoài mẫu số: -1, -2, … là lựa chọn không tính "
            f"(như “Không biết”), {NOT_ASKED} là câu không hỏi do rẽ nhánh. "
            "Ô trống là câu được hỏi mà bỏ trống.",
            "en": "Codes from 0 up are answers. Negative codes leave the denominator: -1, -2, … are options "
            f"that do not count (such as “Don't know”), {NOT_ASKED} was not asked, by routing. "
            "An empty cell was asked and left blank.",
        }
    ),
    Text.of(
        {
            "vi": "Trong SPSS các mã âm được khai là khuyết (user-missing). Trong Stata chúng là .a, .b, …; "
            ".z là câu không hỏi. Trong CSV và Parquet chúng là chính số âm ấy: hãy loại trước khi tính.",
            "en": "In SPSS the negative codes are declared user-missing. In Stata they are .a, .b, …; .z was "
            "not asked. In CSV and Parquet they are the negative numbers: leave them out before computing.",
        }
    ),
    Text.of(
        {
            "vi": "Đừng lọc dòng trước khi khai thiết kế mẫu: chọn miền sau khi khai (subset trong R, subpop "
            "trong Stata, DOMAIN trong SPSS), nếu không sai số chuẩn sẽ quá nhỏ.",
            "en": "Do not filter rows before the design is declared: choose a domain after it (subset in R, "
            "subpop in Stata, DOMAIN in SPSS), or standard errors come out too small.",
        }
    ),
    Text.of(
        {
            "vi": "Góp ý bằng lời không có trong bản chốt số liệu nên không có trong tệp này.",
            "en": "Comments in words are not in a snapshot, so they are not in this file.",
        }
    ),
)


def codebook_of(microdata: Microdata, tallies: Mapping[str, Tally]) -> dict[str, Any]:
    """Set the codebook together; it can be written as JSON as it is."""
    about, design = microdata.about, microdata.design
    return {
        "schema_version": SCHEMA_VERSION,
        "snapshot": {
            "code": about.snapshot,
            "data_sha256": about.data_sha256,
            "made_at": about.made_at.isoformat(),
            "code_version": about.code_version,
            "simulated": about.simulated,
            "rows": about.rows,
            "exclusions": [{"reason": reason, "count": count} for reason, count in about.exclusions],
            "round": _both(about.round_title),
        },
        "questionnaire": {
            "id": about.questionnaire,
            "version": about.questionnaire_version,
            "sha256": about.questionnaire_sha256,
            "status": _both(about.questionnaire_note),
        },
        "design": {
            "strata": design.strata,
            "psu": design.psu,
            "weights": design.weights,
            "lonely": design.lonely,
            "finite_population_correction": False,
            "declare": {program: list(lines) for program, lines in declarations(design).items()},
        },
        "rules": [_both(rule) for rule in RULES],
        "variables": [_variable(one, tallies[one.name]) for one in microdata.variables],
        "formulas": [_formula(one) for one in microdata.formulas],
    }


def _variable(variable: Variable, tally: Tally) -> dict[str, Any]:
    letters = variable.stata_letters
    return {
        "name": variable.name,
        "source": variable.source,
        "role": variable.role,
        "kind": variable.kind.value,
        "scale": variable.scale,
        "label": _both(variable.label),
        "n_valid": tally.valid,
        "n_missing": tally.missing,
        "n_blank": tally.blank,
        "missing_codes": list(variable.missing),
        "values": [
            {
                "code": value.code,
                "option": value.option,
                "label": _both(value.label),
                "missing": value.missing,
                "stata": f".{letters[value.code]}" if value.missing else None,
                "n": tally.by_code[value.code],
            }
            for value in variable.values
        ],
    }


def _formula(formula: IndexFormula) -> dict[str, Any]:
    return {
        "id": formula.id,
        "title": _both(formula.title),
        "default": formula.is_default,
        "measure": formula.measure,
        "levels": list(formula.levels),
        "scale_range": list(formula.scale_range),
        "indices": [
            {
                "id": node.id,
                "title": _both(node.title),
                "terms": [{"weight": weight, "variables": list(names)} for weight, names in node.terms],
            }
            for node in formula.nodes
        ],
    }


def _both(text: Text) -> dict[str, str]:
    return {language: text.in_(language) for language in ("vi", "en")}
