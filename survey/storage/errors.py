"""What can go wrong with what is kept: a database that is missing, old or unsafe."""

from survey.errors import Conflict, Unavailable


class DatabaseMissing(Unavailable):
    code = "SVY-503-80"
    texts = {
        "vi": "Chưa có cơ sở dữ liệu. Người quản trị hãy chạy lệnh: survey init",
        "en": "There is no database yet. The administrator should run: survey init",
    }


class DatabaseOutOfDate(Unavailable):
    code = "SVY-503-81"
    texts = {
        "vi": "Cơ sở dữ liệu thuộc phiên bản khác của phần mềm. Người quản trị hãy chạy lệnh: survey init",
        "en": "The database belongs to another version of the software. Please run: survey init",
    }


class UnsafeDatabase(Unavailable):
    code = "SVY-503-82"
    texts = {
        "vi": "Cơ sở dữ liệu chưa được đặt đúng chế độ an toàn ({setting}), nên hệ thống không chạy.",
        "en": "The database is not set up safely ({setting}), so the site does not start.",
    }


class DatabaseBusy(Unavailable):
    code = "SVY-503-83"
    texts = {
        "vi": "Hệ thống đang bận. Câu trả lời trên trang vẫn còn; hãy bấm gửi lại sau ít giây.",
        "en": "The site is busy. Your answers are still on the page; please send again in a few seconds.",
    }


class DatabaseUnreachable(Unavailable):
    code = "SVY-503-84"
    texts = {
        "vi": "Không kết nối được với cơ sở dữ liệu. Người quản trị hãy kiểm tra DATABASE_URL và máy chủ.",
        "en": "The database cannot be reached. The administrator should check DATABASE_URL and the server.",
    }


class SnapshotChanged(Conflict):
    code = "SVY-409-80"
    texts = {
        "vi": "Bản chốt số liệu {snapshot} đã bị thay đổi sau khi chốt: mã băm của {file} không khớp.",
        "en": "Snapshot {snapshot} was changed after it was frozen: the hash of {file} does not match.",
    }


class SnapshotUnreadable(Conflict):
    code = "SVY-409-81"
    texts = {
        "vi": "Không đọc được bản chốt số liệu {snapshot}.",
        "en": "Snapshot {snapshot} cannot be read.",
    }


class SnapshotFileUnreadable(SnapshotUnreadable):
    code = "SVY-409-83"
    texts = {
        "vi": "Không đọc được tệp {file} của bản chốt số liệu {snapshot}: {problem}.",
        "en": "File {file} of snapshot {snapshot} cannot be read: {problem}.",
    }


class ResultChanged(Conflict):
    code = "SVY-409-82"
    texts = {
        "vi": "Tệp kết quả của {snapshot} đã mất hoặc bị sửa sau khi tính. Hãy tính lại chỉ số từ bản chốt.",
        "en": "The result file of {snapshot} is missing or was edited. Recompute it from the snapshot.",
    }
