"""The sheets of a criteria workbook: which column or line holds which value of the JSON document.

Writer and reader both go by this page. Not the words of its lists (words.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from survey.reports.criteria_workbook import words
from survey.reports.criteria_workbook.words import Words

HELP, INFO, TREE, RULES = "Hướng dẫn", "Thông tin", "Cây tiêu chí", "Cách tính"
BANDS, SURVEYS, BLOCKS, EXEMPTIONS = "Xếp loại", "Khảo sát", "Khối xếp hạng", "Miễn chấm"
CUTS, SOURCES, WORDS = "Cách chia", "Nguồn", "Danh mục"
#: Title, English headers, Vietnamese headers.
HEAD_ROWS = 3


@dataclass(frozen=True, slots=True)
class Column:
    """One column, or one line of the sheet of facts.

    Attributes:
        key: of the JSON object; a dot goes one deeper ("name.vi"); ASIDE begins what is only read by people.
        kind: text, id, ids, number, years, day, yes_no or choice.
        words: of a choice.
        hint: what to fill in, for the sheet of facts.
    """

    key: str
    vi: str
    en: str
    kind: str = "text"
    width: float = 14
    words: Words = field(default_factory=dict)
    hint: str = ""

    @property
    def is_aside(self) -> bool:
        return self.key.startswith(ASIDE)


ASIDE = "#"


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet with a header row; the first `frozen` columns stay in sight."""

    sheet: str
    en: str
    columns: tuple[Column, ...]
    frozen: int = 1
    needed: bool = False

    def column(self, key: str) -> Column:
        return next(one for one in self.columns if one.key == key)


def _texts(key: str, vi: str, en: str, width: float = 36) -> tuple[Column, Column]:
    return (
        Column(f"{key}.vi", vi, en, width=width),
        Column(f"{key}.en", f"{vi} (tiếng Anh)", f"{en} (English)", width=width),
    )


_NOTES = _texts("note", "Ghi chú", "Note", 30)
_SOURCES = Column("sources", "Nguồn", "Sources", "ids", 14)
_MAXIMUM = Column("maximum", "Điểm tối đa", "Maximum", "number", 12)
_CONFIDENCE = Column("confidence", "Độ tin cậy", "Confidence", "choice", 18, words.CONFIDENCE)
_ENDS = (
    Column("from", "Từ", "From", "number", 9),
    Column("to", "Đến", "To", "number", 9),
    Column("includes", "Gồm đầu nào", "Includes", "choice", 14, words.INCLUDES),
)
_WEIGHT = Column("weight", "Trọng số", "Weight", "number", 10)

#: A line of facts: its key is a JSON pointer.
FACTS = (
    Column("/schema_version", "Phiên bản định dạng", "Format version", "number", hint="Luôn là 1."),
    Column("/id", "Mã bộ tiêu chí", "Id", "id", hint="Chữ cái không dấu, chữ số, dấu chấm, gạch nối."),
    Column(
        "/version", "Phiên bản", "Version", "id", hint="Bộ đã công bố không sửa; bộ sửa là phiên bản mới."
    ),
    Column(
        "/title",
        "Tên bộ tiêu chí",
        "Title",
        hint="Bộ minh họa: tên phải có chữ “minh họa” và “illustration”.",
    ),
    Column(
        "/status",
        "Tình trạng",
        "Status",
        "choice",
        words=words.STATUS,
        hint="Bộ chính thức phải có quyết định ban hành.",
    ),
    Column("/unit_type", "Loại đơn vị", "Unit type", "choice", words=words.UNIT_TYPES),
    Column("/years", "Năm áp dụng", "Years", "years", hint="Ví dụ: 2025; 2026. Để trống khi chưa rõ."),
    Column(
        "/valid_from", "Có hiệu lực từ ngày", "Valid from", "day", hint="Ngày/tháng/năm, tính cả ngày này."
    ),
    Column("/valid_to", "Đến hết ngày", "Valid to", "day", hint="Để trống khi chưa biết ngày hết hiệu lực."),
    Column(
        "/replaces/id",
        "Thay thế bộ: mã",
        "Replaces: id",
        "id",
        hint="Bộ bị thay thế hết hiệu lực vào ngày trước ngày bộ này có hiệu lực.",
    ),
    Column("/replaces/version", "Thay thế bộ: phiên bản", "Replaces: version", "id"),
    Column(
        "/framework/id",
        "Theo bộ khung: mã",
        "Framework: id",
        "id",
        hint="Bộ khung của cấp trên quy định điểm tối đa mà bộ này phải giữ.",
    ),
    Column("/framework/version", "Theo bộ khung: phiên bản", "Framework: version", "id"),
    Column("/framework/sha256", "Theo bộ khung: SHA-256", "Framework: SHA-256", "id"),
    Column("/decision/number", "Quyết định số", "Decision: number"),
    Column("/decision/date", "Quyết định: ngày", "Decision: date", "day"),
    Column("/decision/issuer", "Quyết định: cơ quan ban hành", "Decision: issuer"),
    Column(
        "/base",
        "Thang điểm",
        "Base",
        "number",
        hint="Tổng điểm tối đa trong thang: 100, hoặc thang khác như 70.",
    ),
    Column(
        "/bounded",
        "Giữ tổng điểm trong thang",
        "Keep the total in the base",
        "yes_no",
        hint="Điểm thưởng, phạt có đưa tổng ra ngoài khoảng từ 0 đến thang điểm không. Để trống là Có.",
    ),
    Column("/bonus_limits/lowest", "Tổng thưởng, phạt: thấp nhất", "Bonus and penalty: lowest", "number"),
    Column("/bonus_limits/highest", "Tổng thưởng, phạt: cao nhất", "Bonus and penalty: highest", "number"),
    Column(
        "/bands",
        "Thang xếp loại dùng chung",
        "Shared band scale",
        "id",
        hint="Mã một thang có sẵn (abc, tot-kha-trung-binh); để trống nếu điền trang “Xếp loại”.",
    ),
    Column(
        "/ranking/tie",
        "Khi bằng điểm, xếp hạng",
        "Ties",
        "choice",
        words=words.TIES,
        hint="Để trống là 1, 2, 2, 4.",
    ),
    Column(
        "/ranking/places",
        "Xếp hạng trên số chữ số thập phân",
        "Decimals ranked on",
        "number",
        hint="Từ 2 đến 6. Để trống là 2.",
    ),
    Column(
        "/ranking/tie_break",
        "Bằng điểm thì so tiếp các mục",
        "Tie-break",
        "ids",
        hint="Mã các mục, theo thứ tự so; để trống nếu cho đồng hạng.",
    ),
    Column("/rounding/points", "Số chữ số thập phân của điểm khi in", "Decimals of points", "number"),
    Column("/rounding/percent", "Số chữ số thập phân của tỷ lệ khi in", "Decimals of percent", "number"),
)
NOTE = Column("/notes", "Ghi chú của bộ", "Note", hint="Mỗi dòng một ghi chú; thêm dòng nếu cần.")
FACT_TABLE = Table(
    INFO,
    "Facts of the set",
    (
        Column("fact", "Mục", "Fact", width=36),
        Column("value", "Giá trị", "Value", "any", 52),
        Column("english", "Tiếng Anh", "English", width=40),
        Column("#hint", "Cách điền", "How to fill", width=56),
    ),
    needed=True,
)

TREE_TABLE = Table(
    TREE,
    "The criteria tree",
    (
        Column("id", "Mã", "Id", "id", 10),
        Column("parent", "Thuộc mục", "Within", "id", 12),
        *_texts("name", "Tên", "Name", 44),
        _MAXIMUM,
        _CONFIDENCE,
        Column("method", "Phương pháp", "Method", "choice", 20, words.METHODS),
        Column("rule.kind", "Cách tính", "Rule", "choice", 22, words.RULES),
        Column("exemptible", "Được miễn", "May be exempted", "yes_no", 12),
        Column("outside_base", "Ngoài thang", "Outside the base", "yes_no", 13),
        Column("parts", "Thuộc phần", "Parts", "ids", 14),
        _SOURCES,
        *_NOTES,
    ),
    frozen=3,
    needed=True,
)

RULE_TABLE = Table(
    RULES,
    "Rules: parameters, options, steps, groups",
    (
        Column("leaf", "Mã tiêu chí", "Criterion", "id", 12),
        Column("#name", "Tên tiêu chí (để đối chiếu)", "Name (to compare)", width=36),
        Column("parameter", "Tham số", "Parameter", width=26),
        Column("value", "Giá trị", "Value", "any", 24),
        Column("id", "Mã phương án, nhóm", "Option or group", "id", 18),
        *_texts("name", "Tên phương án, nhóm", "Name", 30),
        *_ENDS,
        Column("points", "Điểm", "Points", "number", 9),
        _WEIGHT,
    ),
)
#: Parameters of rules: what each is called, and what its value is.
PARAMETERS: Mapping[str, Column] = {
    one.key: one
    for one in (
        Column("of", "Tính theo", "Measured by", "choice", words=words.MEASURED_BY),
        Column("boundary", "Giá trị ở đúng mốc thuộc", "Exactly at a mark", "choice", words=words.BOUNDARY),
        Column("full_at", "Đạt điểm tối đa tại (%)", "Everything at (%)", "number"),
        Column("threshold", "Ngưỡng bắt đầu có điểm (%)", "Threshold (%)", "number"),
        Column("each", "Điểm cho mỗi lần", "Points each", "number"),
        Column("to", "So với", "Against", "choice", words=words.AGAINST),
        Column("better", "Tốt hơn khi giá trị", "Better when", "choice", words=words.BETTER),
        Column("target", "Giá trị mục tiêu", "Target", "number"),
        Column("index", "Mã chỉ số", "Index", "id"),
        Column("scale", "Thang của chỉ số", "Scale of the index", "number"),
        Column("weighting", "Ghép các nhóm", "Groups joined", "choice", words=words.WEIGHTING),
        Column("survey", "Mã cuộc khảo sát", "Survey", "id"),
        Column("items", "Mã các câu hỏi", "Items", "ids"),
        Column("lowest", "Mức thấp nhất", "Lowest", "number"),
        Column("highest", "Mức cao nhất", "Highest", "number"),
    )
}
#: The list that a rule's further lines are: by kind, its key and the columns that are read for it.
LINES: Mapping[str, str] = {"choice": "options", "steps": "steps", "survey": "groups"}

BAND_TABLE = Table(
    BANDS,
    "Bands",
    (
        Column("scale.id", "Mã thang", "Scale", "id", 16),
        *_texts("scale.name", "Tên thang", "Name of the scale", 28),
        Column("scale.places", "Số chữ số thập phân", "Decimals", "number", 10),
        Column("id", "Mã loại", "Band", "id", 12),
        *_texts("name", "Tên loại", "Name of the band", 22),
        *_ENDS,
        Column("confidence", "Độ tin cậy", "Confidence", "choice", 18, words.BAND_CONFIDENCE),
        *_NOTES,
    ),
)
SURVEY_TABLE = Table(
    SURVEYS,
    "Surveys: groups with weights, items",
    (
        Column("sheet.id", "Mã khảo sát", "Survey", "id", 16),
        *_texts("sheet.name", "Tên khảo sát", "Name of the survey", 30),
        Column("sheet.weighting", "Ghép các nhóm", "Groups joined", "choice", 20, words.WEIGHTING),
        Column("line", "Dòng này là", "This line is", "choice", 14, words.LISTED),
        Column("id", "Mã nhóm, câu hỏi", "Group or item", "id", 18),
        *_texts("name", "Tên nhóm, câu hỏi", "Name", 36),
        _WEIGHT,
    ),
)
BLOCK_TABLE = Table(
    BLOCKS,
    "Blocks ranked apart",
    (
        Column("id", "Mã khối", "Block", "id", 16),
        *_texts("name", "Tên khối", "Name", 34),
        Column("kinds", "Loại đơn vị", "Kinds of units", "words", 30, words.KINDS),
        Column("units", "Mã đơn vị", "Units", "ids", 30),
        Column("ranked", "Có xếp hạng", "Ranked", "yes_no", 12),
    ),
)
EXEMPTION_TABLE = Table(
    EXEMPTIONS,
    "Grounds of exemption",
    (
        Column("id", "Mã lý do", "Ground", "id", 18),
        *_texts("name", "Lý do miễn chấm", "Reason", 44),
        Column("scope", "Áp dụng cho", "For", "choice", 16, words.SCOPE),
        Column("nodes", "Các mục được miễn", "Nodes", "ids", 26),
        _SOURCES,
    ),
)
CUT_TABLE = Table(
    CUTS,
    "Other divisions of the same points",
    (
        Column("cut.id", "Mã cách chia", "Cut", "id", 14),
        *_texts("cut.name", "Tên cách chia", "Name of the cut", 26),
        Column("cut.complete", "Chia hết", "Complete", "yes_no", 9),
        Column("id", "Mã phần", "Part", "id", 14),
        *_texts("name", "Tên phần", "Name of the part", 30),
        _MAXIMUM,
        _CONFIDENCE,
        _SOURCES,
        *_NOTES,
    ),
)
SOURCE_TABLE = Table(
    SOURCES,
    "Sources",
    (
        Column("id", "Mã nguồn", "Source", "id", 20),
        Column("title", "Tên nguồn", "Title", width=76),
        Column("url", "Địa chỉ", "Address", width=60),
    ),
)
TABLES = (
    TREE_TABLE, RULE_TABLE, BAND_TABLE, SURVEY_TABLE, BLOCK_TABLE, EXEMPTION_TABLE, CUT_TABLE, SOURCE_TABLE,
)  # fmt: skip
