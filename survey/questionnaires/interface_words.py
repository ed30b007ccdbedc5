"""The few words of the pages themselves that a language pack may bring along, and their Vietnamese.

All other words of the pages stay Vietnamese or English. Which page says which is the templates' to decide.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

#: Key in a pack's "interface" → the Vietnamese that the pages say.
INTERFACE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "begin": "Đồng ý và bắt đầu",
        "touch": "Chạm để đánh giá",
        "continue": "Lưu và tiếp tục",
        "back": "Quay lại",
        "send": "Gửi phiếu",
        "send_rating": "Gửi đánh giá",
        "write": "Viết góp ý",
        "thanks": "Xin cảm ơn Ông/Bà",
        "received": "Cảm ơn Ông/Bà. Phiếu đã được ghi nhận.",
        "problems": "Có chỗ cần xem lại",
        "still_there": "Ông/Bà còn làm tiếp không?",
        "stay": "Tôi làm tiếp",
        "leave": "Kết thúc",
        "listen": "Nghe",
        "stop": "Dừng nghe",
        "face.very_satisfied": "Mặt cười tươi, màu xanh đậm",
        "face.satisfied": "Mặt cười, màu xanh lá",
        "face.neutral": "Mặt bình thường, màu xám",
        "face.dissatisfied": "Mặt buồn, màu cam",
        "face.very_dissatisfied": "Mặt buồn hẳn, màu đỏ",
    }
)
