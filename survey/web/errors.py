"""From the tree of errors to a page: the person's words, a stable code, the right status, no traceback."""

from __future__ import annotations

import logging
import secrets
from typing import Any

from flask import Flask, Response, jsonify, make_response, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, SecurityError

from survey.errors import BadInput, Invalid, NotFound, Refused, SurveyError, TooLarge
from survey.storage.errors import DatabaseBusy
from survey.web.languages import language

log = logging.getLogger(__name__)


class PageExpired(BadInput):
    code = "SVY-400-01"
    texts = {
        "vi": "Trang đã mở quá lâu nên cần xác nhận lại. Nội dung vẫn còn: hãy bấm gửi một lần nữa.",
        "en": "The page was open too long. What you entered is kept: please send again.",
    }


class WrongEncoding(BadInput):
    code = "SVY-400-02"
    texts = {
        "vi": "Nội dung gửi lên không phải chữ UTF-8 nên không đọc được. Chưa có gì được ghi.",
        "en": "What was sent is not UTF-8 text and cannot be read. Nothing was recorded.",
    }


class MalformedRequest(BadInput):
    code = "SVY-400-03"
    texts = {
        "vi": "Yêu cầu gửi lên không đúng dạng. Chưa có gì được ghi.",
        "en": "The request is malformed. Nothing was recorded.",
    }


class NotAllowed(Refused):
    code = "SVY-403-01"
    texts = {
        "vi": "Tài khoản của Ông/Bà không có quyền mở trang này.",
        "en": "Your account may not open this page.",
    }


class NoSuchPage(NotFound):
    code = "SVY-404-01"
    texts = {
        "vi": "Không có trang này. Hãy kiểm tra lại địa chỉ.",
        "en": "There is no such page. Please check the address.",
    }


class WrongMethod(SurveyError):
    status = 405
    code = "SVY-405-01"
    texts = {
        "vi": "Địa chỉ này không dùng theo cách đó.",
        "en": "This address is not used in that way.",
    }


class BodyTooLarge(TooLarge):
    code = "SVY-413-01"
    texts = {
        "vi": "Nội dung gửi lên quá lớn (tối đa 64 KiB). Chưa có gì được ghi.",
        "en": "What was sent is too large (at most 64 KiB). Nothing was recorded.",
    }


class NotJson(SurveyError):
    status = 415
    code = "SVY-415-01"
    texts = {
        "vi": "Địa chỉ này chỉ nhận nội dung JSON (application/json).",
        "en": "This address only takes JSON (application/json).",
    }


class UnitNotChosen(Invalid):
    code = "SVY-422-01"
    texts = {
        "vi": "Hãy chọn nơi Ông/Bà muốn đánh giá.",
        "en": "Please choose the place you want to rate.",
    }


_BY_STATUS: dict[int, type[SurveyError]] = {
    400: MalformedRequest,
    403: NotAllowed,
    404: NoSuchPage,
    405: WrongMethod,
    413: BodyTooLarge,
    415: NotJson,
}


#: Whose frame an error stands in; everybody else is a citizen.
_LAYOUTS = {
    "office": "office.html",
    "analysis": "office.html",
    "devices": "office.html",
    "kiosk": "kiosk.html",
    "signed_kiosk": "kiosk.html",
}
_KIOSKS = ("kiosk", "signed_kiosk")
#: Seconds until a kiosk leaves an error by itself: nobody stands there to press a button.
KIOSK_SECONDS = 10


def init(app: Flask) -> None:
    app.register_error_handler(SurveyError, answer)
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(OperationalError, _answer_database)
    app.register_error_handler(Exception, _answer_unforeseen)


def answer(error: SurveyError) -> Response:
    """Make the page, or for the API the JSON, of an error."""
    reference = secrets.token_hex(4)
    level = logging.ERROR if error.status >= 500 else logging.INFO
    log.log(level, "%s %s %s: %r", error.code, reference, request.endpoint, error.detail)
    if request.path.startswith("/api/"):
        response = jsonify(error=_as_json(error, reference))
    else:
        response = make_response(_page(error, reference))
    response.status_code = error.status
    wait = getattr(error, "retry_after", 10 if error.status == 503 else None)
    if wait:
        response.headers["Retry-After"] = str(wait)
    if _at_kiosk():
        response.headers["Refresh"] = f"{KIOSK_SECONDS}; url={_home()}"
    return response


def _as_json(error: SurveyError, reference: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "code": error.code,
        "message": {"vi": error.text("vi"), "en": error.text("en")},
        "reference": reference,
    }
    problems = getattr(error, "problems", None)
    if problems:
        told["problems"] = [
            {
                "item": problem.item,
                "code": problem.code,
                "message": {"vi": problem.message.in_("vi"), "en": problem.message.in_("en")},
            }
            for problem in problems
        ]
    return told


def _page(error: SurveyError, reference: str) -> str:
    return render_template(
        "error.html",
        layout=_LAYOUTS.get(request.blueprint or "", "citizen.html"),
        home_url=_home(),
        **_kiosk_frame(),
        title=_title(error.status),
        message=error.text(language()),
        code=error.code,
        reference=reference,
        next_step=_("Câu trả lời đã lưu trước đó vẫn còn.") if error.status in (410, 503) else None,
        retry_url=request.path if error.status == 503 and request.method == "GET" else None,
    )


def _at_kiosk() -> bool:
    return request.blueprint in _KIOSKS


def _home() -> str:
    """Give the first page of whoever met the error: of a kiosk its own, never a way out of it."""
    if _at_kiosk():
        return url_for(f"{request.blueprint}.attract", **(request.view_args or {}))
    return url_for("office.rounds" if request.blueprint in _LAYOUTS else "public.home")


def _kiosk_frame() -> dict[str, Any]:
    if not _at_kiosk():
        return {}
    return {"start_url": _home(), "language_next": _home(), "idle": False, "return_after": KIOSK_SECONDS}


def _title(status: int) -> str:
    titles = {
        400: _("Chưa đọc được nội dung gửi lên"),
        403: _("Không có quyền"),
        404: _("Không tìm thấy"),
        410: _("Đợt khảo sát không nhận phiếu"),
        413: _("Nội dung quá lớn"),
        429: _("Quá nhiều lần thử"),
        503: _("Hệ thống tạm thời chưa phục vụ được"),
    }
    return titles.get(status, _("Chưa thực hiện được"))


def _answer_http(error: HTTPException) -> Response:
    if error.code is not None and 300 <= error.code < 400:
        return error.get_response()  # type: ignore[return-value]  # a redirect is a full response already
    if isinstance(error, SecurityError):
        # Flask has no address book for a host that is not ours, so no page can be made.
        return Response(f"{MalformedRequest.code}\n", 400, mimetype="text/plain")
    kind = _BY_STATUS.get(error.code or 500, SurveyError)
    return answer(kind(str(error.description)))


def _answer_database(error: OperationalError) -> Response:
    return answer(DatabaseBusy(str(error.orig)))


def _answer_unforeseen(error: Exception) -> Response:
    log.exception("unforeseen error at %s", request.endpoint, exc_info=error)
    return answer(SurveyError(type(error).__name__))
