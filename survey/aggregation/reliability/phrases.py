"""The words of this room's methods, each with its Vietnamese, for `describe_method`.

Not the words on variances and domains, which are the room's above.
"""

from __future__ import annotations

ALPHA = "Cronbach's alpha"
OMEGA = "omega total of one factor (minimum residual)"
ITEM_REST = "correlation of an item with the sum of the others"
IF_DELETED = "Cronbach's alpha without the item"
REPLICATED = "replicates of linearised values"

PHRASES: dict[str, str] = {
    ALPHA: "hệ số Cronbach alpha",
    OMEGA: "hệ số omega tổng của một nhân tố (phần dư nhỏ nhất)",
    ITEM_REST: "tương quan của một tiêu chí với tổng các tiêu chí còn lại",
    IF_DELETED: "hệ số Cronbach alpha khi bỏ tiêu chí đó",
    REPLICATED: "trọng số lặp áp dụng cho giá trị tuyến tính hóa",
    "listwise cases": "chỉ dùng phiếu trả lời đủ mọi tiêu chí",
    "t interval on log(1 - value)": "khoảng tin cậy t trên thang log(1 - giá trị)",
    "t interval on Fisher's scale": "khoảng tin cậy t trên thang Fisher",
}
