"""What is taken for granted when one unit moves, in words that stand beside every answer.

Not the answers themselves (what_if.py, cheapest.py, sensitivity.py).
"""

from __future__ import annotations

from collections.abc import Iterable

from survey.scoring.criteria import Text

ASSUMPTIONS: dict[str, Text] = {
    "others_stand_still": {
        "vi": "Giả định các đơn vị khác giữ nguyên điểm.",
        "en": "The other units are taken to keep their points.",
    },
    "independent_totals": {
        "vi": "Sai số của các đơn vị được coi là độc lập với nhau.",
        "en": "The errors of the units are taken as independent of each other.",
    },
    "errors_of_others_unknown": {
        "vi": "Chưa biết sai số của một số đơn vị khác; điểm của họ được giữ như đã công bố.",
        "en": "The errors of some other units are not known; their points are taken as printed.",
    },
    "errors_as_measured": {
        "vi": "Sai số chuẩn của kết quả khảo sát được giữ như đã đo.",
        "en": "The standard errors of survey results are kept as measured.",
    },
    "best_stands_still": {
        "vi": "Giá trị tốt nhất của các đơn vị khác được giữ nguyên.",
        "en": "The best value among the other units is taken to stay.",
    },
    "best_moved": {
        "vi": "Đơn vị trở thành tốt nhất ở một tiêu chí; các đơn vị khác sẽ giảm điểm nhưng chưa tính lại.",
        "en": "The unit becomes the best in a criterion; what the others lose by it is not recomputed.",
    },
    "tie_break_unseen": {
        "vi": "Khi bằng điểm, thứ hạng được coi là đồng hạng vì chưa xét tiêu chí phụ của các đơn vị khác.",
        "en": "Equal totals share a place here: the tie-break needs the others' criteria.",
    },
    "exemptions_stay": {
        "vi": "Các mục được miễn giữ nguyên, nên mỗi điểm vẫn quy đổi theo thang điểm còn lại.",
        "en": "Exemptions stay, so each point is still rescaled to the base that is left.",
    },
    "composite_counted": {
        "vi": "Tiêu chí tổng hợp được coi là có thể tác động, dù một phần có thể do khảo sát.",
        "en": "A composite criterion counts as open to influence, though part of it may come from a survey.",
    },
}


def assumed(codes: Iterable[str]) -> tuple[Text, ...]:
    """Give the words of some assumptions, in the order of this page."""
    wanted = set(codes)
    return tuple(text for code, text in ASSUMPTIONS.items() if code in wanted)
