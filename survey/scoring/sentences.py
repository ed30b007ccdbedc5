"""Sentences about scores, in Vietnamese and English: values in, text out.

Not the results they tell (prospects, trends, losses.py), and no markup: pages and documents
print them as they are. Numbers are rounded half up; Vietnamese has a decimal comma.
"""

from __future__ import annotations

from collections.abc import Sequence

from survey.rounding import round_half_up
from survey.scoring.criteria import Text


def number(value: float, language: str, places: int = 2) -> str:
    """Write a number: 1.234,50 in Vietnamese, 1,234.50 in English; a minus that is one."""
    rounded = round_half_up(value, places) + 0.0
    written = f"{abs(rounded):,.{places}f}"
    if language == "vi":
        written = written.translate(str.maketrans(",.", ".,"))
    return f"−{written}" if rounded < 0 else written


def count(value: int, language: str, one: str, many: str) -> str:
    """Write a whole number with its noun; Vietnamese nouns have one form."""
    return f"{number(value, language, 0)} {one if abs(value) == 1 else many}"


def places(value: int, language: str) -> str:
    """Write how many places (bậc)."""
    return (
        count(abs(value), language, "bậc", "bậc")
        if language == "vi"
        else count(abs(value), language, "place", "places")
    )


def points(value: float, language: str) -> str:
    """Write how many points (điểm), their sign left to the words around."""
    size = number(abs(value), language)
    if language == "vi":
        return f"{size} điểm"
    return f"{size} point" if size == "1.00" else f"{size} points"


def both(vi: str, en: str) -> Text:
    return {"vi": capital(vi) + ".", "en": capital(en) + "."}


def capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def listed(words: Sequence[str], language: str) -> str:
    """Join words as a sentence does: a, b và c; a, b and c."""
    last = " và " if language == "vi" else " and "
    return last.join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def moved(value: float, amount: str, language: str, *, up: str, down: str, same: str) -> str:
    """Say whether something rose, fell or stayed."""
    return f"{up} {amount}" if value > 0 else f"{down} {amount}" if value < 0 else same


def change_sentence(points_gained: float | None, places_gained: int | None) -> Text:
    """Say the change of a total: "Tăng 1,18 điểm, tăng 1 bậc." An unknown part is said to be unknown."""
    return both(change_of("vi", points_gained, places_gained), change_of("en", points_gained, places_gained))


def change_of(language: str, points_gained: float | None, places_gained: int | None) -> str:
    is_vi = language == "vi"
    parts = []
    if points_gained is None:
        parts.append("chưa so sánh được điểm" if is_vi else "the points cannot be compared")
    else:
        shown = round_half_up(points_gained, 2)
        words = ("tăng", "giảm", "giữ nguyên điểm") if is_vi else ("up", "down", "the same points")
        parts.append(
            moved(shown, points(shown, language), language, up=words[0], down=words[1], same=words[2])
        )
    if places_gained is None:
        parts.append("chưa so sánh được thứ hạng" if is_vi else "the places cannot be compared")
    else:
        words = ("tăng", "giảm", "giữ nguyên thứ hạng") if is_vi else ("up", "down", "the same place")
        shown_places = places(places_gained, language)
        parts.append(moved(places_gained, shown_places, language, up=words[0], down=words[1], same=words[2]))
    return ", ".join(parts)


def place_sentence(percent: float, place: int, of: int, tied: int = 0, band: Text | None = None) -> Text:
    """Say a standing: "Đạt 86,60%, nhóm B, xếp thứ 50/63, đồng hạng với 2 đơn vị khác."."""
    vi = [f"đạt {number(percent, 'vi')}%"]
    en = [f"{number(percent, 'en')}%"]
    if band is not None:
        vi.append(placed(band["vi"], "Nhóm", "xếp loại"))
        en.append(placed(band.get("en", band["vi"]), "Group", "rated"))
    vi.append(f"xếp thứ {place}/{of}")
    en.append(f"place {place} of {of}")
    if tied:
        vi.append(f"đồng hạng với {tied} đơn vị khác")
        en.append("tied with " + count(tied, "en", "other unit", "other units"))
    return both(", ".join(vi), ", ".join(en))


def placed(band: str, group: str, rated: str) -> str:
    """Say a band inside a sentence: "nhóm B", but "xếp loại Tốt"."""
    return band[:1].lower() + band[1:] if band.startswith(group) else f"{rated} {band}"


def interval_sentence(low: int | None, high: int | None, level: float = 0.95) -> Text:
    """Say the interval of a place; nothing is known where either end is not."""
    if low is None or high is None:
        return both("chưa tính được khoảng thứ hạng", "the interval of the place is not known")
    share = number(100 * level, "vi", 0)
    if low == high:
        return both(
            f"với độ tin cậy {share}%, thứ hạng là {low}",
            f"with {share}% confidence the place is {low}",
        )
    return both(
        f"với độ tin cậy {share}%, thứ hạng từ {low} đến {high}",
        f"with {share}% confidence the place is between {low} and {high}",
    )


def difference_sentence(gap: float, se: float | None, quantile: float = 1.959964) -> Text:
    """Say whether a difference of two totals stands out of its error.

    Args:
        gap: percentage points between them; se: of their difference.
        quantile: of the normal distribution, 1.959964 for 95 %.
    """
    vi, en = (
        f"chênh lệch {number(abs(gap), 'vi')} điểm phần trăm",
        f"a difference of {number(abs(gap), 'en')} percentage points",
    )
    if round_half_up(gap, 2) == 0:
        return both("không có chênh lệch", "there is no difference")
    if se is None:
        return both(f"{vi}, chưa biết sai số", f"{en}, its error is not known")
    if abs(gap) <= quantile * se:
        return both(f"{vi} nằm trong sai số", f"{en} is within the error")
    return both(f"{vi} vượt quá sai số", f"{en} is beyond the error")


def plan_sentence(*, reached: bool, criteria: int, gained: float, place: int | None, of: int | None) -> Text:
    """Say a plan: how many criteria, how many points, and the place or total that comes of it.

    Where the target is out of reach, `place` is the best that can be.
    """
    vi_place = "" if place is None else f"{place}/{of}" if of else str(place)
    if not reached:
        best = ("; tốt nhất có thể xếp thứ " + vi_place, f"; the best that can be is place {place} of {of}")
        none = ("không thể đạt mục tiêu", "the target cannot be reached")
        return both(none[0] + best[0] * bool(place), none[1] + best[1] * bool(place))
    if criteria == 0:
        return both(
            "đã đạt mục tiêu, không cần thay đổi", "the target is reached already, nothing has to change"
        )
    vi = f"cần tăng {points(gained, 'vi')} ở {number(criteria, 'vi', 0)} tiêu chí"
    en = f"{points(gained, 'en')} more in {count(criteria, 'en', 'criterion', 'criteria')}"
    if place is None:
        return both(vi, en)
    return both(f"{vi} để xếp thứ {vi_place}", f"{en} bring place {place} of {of}")


def lost_sentence(lost: float, leaves: Sequence[tuple[Text, float]], shown: int = 3) -> Text:
    """Say what was lost and where most of it was: names with points, most first."""
    if not leaves or round_half_up(lost, 2) == 0:
        return both("không bị trừ điểm", "no points were lost")
    head = leaves[:shown]
    rest = len(leaves) - len(head)
    vi = [f"{name['vi']} ({number(lost_here, 'vi')})" for name, lost_here in head]
    en = [f"{name.get('en', name['vi'])} ({number(lost_here, 'en')})" for name, lost_here in head]
    if rest:
        vi.append(f"{rest} tiêu chí khác")
        en.append(count(rest, "en", "other criterion", "other criteria"))
    total_vi = f"bị trừ {points(lost, 'vi')} ở {len(leaves)} tiêu chí: {listed(vi, 'vi')}"
    many = count(len(leaves), "en", "criterion", "criteria")
    return both(total_vi, f"{points(lost, 'en')} lost in {many}: {listed(en, 'en')}")


def contribution_sentence(parts: Sequence[tuple[Text, float]], shown: int = 2) -> Text:
    """Say which areas raised the total most and which lowered it most."""
    return both(contributions_of(parts, "vi", shown), contributions_of(parts, "en", shown))


def contributions_of(parts: Sequence[tuple[Text, float]], language: str, shown: int) -> str:
    kept = [(name, value) for name, value in parts if round_half_up(value, 2) != 0]
    rising = sorted((one for one in kept if one[1] > 0), key=lambda one: -one[1])[:shown]
    falling = sorted((one for one in kept if one[1] < 0), key=lambda one: one[1])[:shown]
    words = ("tăng nhiều nhất", "giảm nhiều nhất") if language == "vi" else ("most gained", "most lost")
    said = [
        f"{word}: {listed([signed(one, language) for one in some], language)}"
        for word, some in zip(words, (rising, falling), strict=True)
        if some
    ]
    same = "không lĩnh vực nào thay đổi" if language == "vi" else "no area changed"
    return "; ".join(said) or same


def signed(one: tuple[Text, float], language: str) -> str:
    name, value = one
    sign = "+" if value > 0 else ""
    return f"{name.get(language, name['vi'])} ({sign}{number(value, language)})"


def self_score_sentence(own: float, appraised: float) -> Text:
    """Say how far the self-score and the appraised score are apart."""
    gap = round_half_up(own - appraised, 2)
    vi = f"tự chấm {points(own, 'vi')}, thẩm định {points(appraised, 'vi')}"
    en = f"self-score {points(own, 'en')}, appraised {points(appraised, 'en')}"
    if gap == 0:
        return both(f"{vi}: khớp nhau", f"{en}: they agree")
    words = ("thấp hơn", "lower") if gap > 0 else ("cao hơn", "higher")
    size_vi, size_en = points(gap, "vi"), points(gap, "en")
    return both(f"{vi}: thẩm định {words[0]} {size_vi}", f"{en}: the appraisal is {size_en} {words[1]}")


def movers_sentence(rising: int, falling: int, same: int) -> Text:
    """Say how many units rose, fell and stayed."""
    pairs = (
        (rising, "đơn vị tăng điểm", "unit rose", "units rose"),
        (falling, "đơn vị giảm điểm", "unit fell", "units fell"),
        (same, "đơn vị giữ nguyên", "unit stayed", "units stayed"),
    )
    vi = [f"{size} {words}" for size, words, _, _ in pairs if size]
    en = [count(size, "en", one, many) for size, _, one, many in pairs if size]
    if not vi:
        return both("không có đơn vị nào để so sánh", "there is no unit to compare")
    return both(listed(vi, "vi"), listed(en, "en"))
