"""What the keys of one request can contradict among themselves, each with its path.

Not the shape (shape.py), and not what they contradict in the data, which is refused where they meet it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from survey.aggregation.request.building_statistics import default_id
from survey.aggregation.request.document import Json
from survey.aggregation.request.errors import Problem
from survey.aggregation.request.values import compare_id, many


def contradictions(told: Json) -> Iterator[Problem]:
    """Report every contradiction of a request of the right shape."""
    yield from _repeated_ids("statistics", [default_id(*one) for one in enumerate(told["statistics"])])
    yield from _repeated_ids("compare", [compare_id(*one) for one in enumerate(told.get("compare", ()))])
    yield from _design_contradictions(told.get("design", {}))
    if "calibrate" in told:
        yield from _calibrate_contradictions(told["calibrate"])
    if "calibrate" in told and "replicates" in told:
        yield Problem(
            "replicates",
            "không dùng cùng calibrate: hãy đưa trọng số lặp đã hiệu chỉnh bằng columns",
            "does not go with calibrate: give calibrated replicate weights as columns instead",
        )
    for place, one in enumerate(told["statistics"]):
        yield from _statistic_contradictions(one, f"statistics[{place}]")


def _repeated_ids(path: str, ids: list[str]) -> Iterator[Problem]:
    for place, one in enumerate(ids):
        if one in ids[:place]:
            yield Problem(
                f"{path}[{place}].id", f"mã “{one}” đã dùng ở trên", f"the id “{one}” is used already"
            )


def _design_contradictions(told: Json) -> Iterator[Problem]:
    if len(many(told.get("fpc"))) > max(len(many(told.get("psu"))), 1):
        yield Problem("design.fpc", "có nhiều cấp hơn design.psu", "has more stages than design.psu")
    psu = many(told.get("psu"))
    if len(psu) == 2 and psu[0] == psu[1]:
        yield Problem("design.psu", "hai cấp là một cột", "the two stages are one column")


def _calibrate_contradictions(told: Json) -> Iterator[Problem]:
    kind = told["kind"]
    if kind in ("bounded", "logit") and "bounds" not in told:
        yield Problem("calibrate.bounds", "cần có khi kind là bounded", "is needed where kind is bounded")
    if "bounds" in told and not told["bounds"][0] < 1 < told["bounds"][1]:
        yield Problem("calibrate.bounds", "cần dưới < 1 < trên", "must be below 1 and above 1")
    if "bounds" in told and kind in ("poststratify", "raking", "rake"):
        yield Problem("calibrate.bounds", f"không dùng với {kind}", f"does not go with {kind}")
    if kind in ("poststratify", "rake") and "margins" not in told:
        yield Problem("calibrate.margins", f"cần có khi kind là {kind}", f"is needed where kind is {kind}")
    if kind in ("poststratify", "rake") and "totals" in told:
        yield Problem("calibrate.totals", f"không dùng với {kind}", f"does not go with {kind}")
    if kind == "poststratify" and len(told.get("margins", ())) > 1:
        yield Problem(
            "calibrate.margins",
            "poststratify chỉ có một bảng ô; nhiều bảng thì dùng raking",
            "poststratify has one table of cells; use raking for several",
        )
    yield from _margin_contradictions(told.get("margins", ()))


def _margin_contradictions(told: Json) -> Iterator[Problem]:
    for place, one in enumerate(told if isinstance(told, list) else ()):
        path, columns = f"calibrate.margins[{place}].totals", many(one["column"])
        if isinstance(one["totals"], Mapping):
            if len(columns) > 1:
                yield Problem(path, "nhiều cột thì cần danh sách ô", "several columns need a list of cells")
            continue
        for row, cell in enumerate(one["totals"]):
            if set(cell) != {*columns, "total"}:
                names = ", ".join((*columns, "total"))
                yield Problem(f"{path}[{row}]", f"cần đúng các khóa {names}", f"needs the keys {names}")


def _statistic_contradictions(told: Json, path: str) -> Iterator[Problem]:
    items = many(told["items"])
    least = {"alpha": 2, "omega": 3, "importance_performance": 2}.get(told["kind"], 1)
    if len(items) < least:
        yield Problem(f"{path}.items", f"cần ít nhất {least} cột", f"needs at least {least} columns")
    if "denominator" in told and len(many(told["denominator"])) not in (1, len(items)):
        yield Problem(
            f"{path}.denominator",
            "cần một cột, hoặc một cột cho mỗi items",
            "needs one column, or one for each of items",
        )
    yield from _index_contradictions(told, items, path)
    both = set(many(told.get("by"))) & set(told.get("where", {}))
    for column in sorted(both):
        if not isinstance(told["where"][column], list):
            yield Problem(
                f"{path}.by", f"“{column}” đã cố định ở where", f"“{column}” is fixed by where already"
            )


def _index_contradictions(told: Json, items: tuple[str, ...], path: str) -> Iterator[Problem]:
    weights = told.get("index_weights")
    if isinstance(weights, Mapping) and set(weights) != set(items):
        wrong = ", ".join(sorted(set(weights) ^ set(items)))
        yield Problem(
            f"{path}.index_weights", f"không khớp với items: {wrong}", f"does not match items: {wrong}"
        )
    told_weights = weights.values() if isinstance(weights, Mapping) else weights or ()
    if told.get("combination") == "pooled" and len(set(told_weights)) > 1:
        yield Problem(
            f"{path}.index_weights",
            "pooled gộp mọi câu trả lời nên không có trọng số riêng",
            "pooled counts every answer alike and takes no weights",
        )
    if isinstance(weights, list) and len(weights) != len(items):
        yield Problem(
            f"{path}.index_weights",
            f"có {len(weights)} số, cần {len(items)}",
            f"has {len(weights)} numbers, {len(items)} are needed",
        )
