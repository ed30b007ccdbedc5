"""What the design columns of analysts' files are called, Vietnamese and English.

Not the words of questions, which come with their questionnaire.
"""

from __future__ import annotations

LABELS = {
    "snapshot": ("Mã bản chốt số liệu", "Code of the snapshot"),
    "simulated": ("Dữ liệu mô phỏng", "Simulated data"),
    "unit_id": ("Mã đơn vị được đánh giá", "Id of the unit judged"),
    "unit_name": ("Tên đơn vị được đánh giá", "Name of the unit judged"),
    "stratum": ("Tầng của mẫu", "Stratum of the sample"),
    "psu": (
        "Đơn vị mẫu cấp một (PSU), số riêng trong toàn mẫu",
        "Primary sampling unit, a number of its own",
    ),
    "psu_id": ("Nhãn của PSU trong tầng", "Label of the PSU in its stratum"),
    "base_weight": ("Trọng số cơ sở", "Base weight"),
    "calibrated_weight": ("Trọng số đã hiệu chỉnh", "Calibrated weight"),
    "channel": ("Hình thức trả lời", "Channel"),
    "evidence": ("Mức bằng chứng", "Evidence grade"),
    "day": ("Ngày nhận phiếu (giờ Việt Nam)", "Day received (in Vietnam)"),
}
WORDS = {
    "no": ("Không", "No"),
    "yes": ("DỮ LIỆU MÔ PHỎNG", "SIMULATED DATA"),
    "kiosk": ("Máy tại quầy", "Screen at the counter"),
    "phone": (
        "Điện thoại của người dân (phiếu mời, mã QR mở)",
        "Citizen's own phone (slip, open QR code)",
    ),
    "personal": ("Đường dẫn riêng", "Personal link"),
    "tablet": ("Máy tính bảng của điều tra viên", "Enumerator's tablet"),
    "paper": ("Phiếu giấy", "Paper form"),
    "import": ("Nhập từ tệp", "Imported from a file"),
    "A": (
        "A – người trong mẫu, được mời hoặc có phiếu mời",
        "A – sampled, invited, or with a slip's code",
    ),
    "B": ("B – tại quầy", "B – at a counter"),
    "C": ("C – địa chỉ mở hoặc chưa có căn cứ", "C – open address, or no proof"),
}
