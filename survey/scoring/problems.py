"""What is wrong, where, in both languages: one catalogue for criteria-set files and for inputs.

Not the finding of problems (shape.py, meaning_*.py, inputs.py) nor their raising (errors.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: code: (Vietnamese, English). Codes are stable; docs/criteria-set-format.md lists each.
CATALOGUE: dict[str, tuple[str, str]] = {
    # the file
    "too_large": ("Tệp lớn hơn {limit} byte.", "The file is larger than {limit} bytes."),
    "not_utf8": (
        "Tệp không phải văn bản UTF-8 (vị trí {at}).",
        "The file is not UTF-8 text (at {at}).",
    ),
    "not_json": (
        "Tệp không phải JSON hợp lệ (dòng {line}, cột {column}).",
        "The file is not valid JSON (line {line}, column {column}).",
    ),
    "not_finite": ("“{got}” không phải là số hữu hạn.", "“{got}” is not a finite number."),
    "nested_too_deep": ("Dữ liệu lồng nhau quá sâu.", "The data is nested too deep."),
    "duplicate_key": ("Khóa “{key}” xuất hiện hai lần.", "The key “{key}” stands twice."),
    # the shape
    "missing_key": ("Thiếu khóa “{key}”.", "The key “{key}” is missing."),
    "unknown_key": ("Khóa “{key}” không có trong định dạng.", "The key “{key}” is not part of the format."),
    "wrong_type": ("Sai kiểu dữ liệu; cần {expected}.", "Wrong type; {expected} is expected."),
    "not_allowed": (
        "Giá trị “{got}” không được phép; cần {expected}.",
        "The value “{got}” is not allowed; expected {expected}.",
    ),
    "out_of_range": (
        "Giá trị {got} nằm ngoài khoảng cho phép (giới hạn {limit}).",
        "The value {got} is out of range (limit {limit}).",
    ),
    "wrong_form": ("“{got}” không đúng quy cách.", "“{got}” does not have the expected form."),
    "too_few": ("Danh sách hoặc văn bản quá ngắn.", "The list or text is too short."),
    "wrong_shape": ("Không đúng định dạng ({keyword}).", "Does not fit the format ({keyword})."),
    # the tree
    "duplicate_id": ("Mã “{id}” bị trùng.", "The id “{id}” is used twice."),
    "too_deep": ("Cây sâu hơn {limit} cấp.", "The tree is deeper than {limit} levels."),
    "leaf_without_rule": ("Tiêu chí không có cách tính điểm.", "The leaf has no rule."),
    "leaf_without_method": ("Tiêu chí không có phương pháp đánh giá.", "The leaf has no method."),
    "parent_with_rule": (
        "Mục có tiêu chí con thì không có cách tính hoặc phương pháp riêng.",
        "A node with children has no rule or method of its own.",
    ),
    "maxima_do_not_add_up": (
        "Điểm tối đa các mục con cộng lại là {got}, không bằng {expected}.",
        "The maxima below add up to {got}, not {expected}.",
    ),
    "maxima_exceed": (
        "Điểm tối đa đã biết của các mục con ({got}) lớn hơn {expected}.",
        "The known maxima below ({got}) exceed {expected}.",
    ),
    "maximum_is_known": (
        "Để trống điểm tối đa trong khi các mục con cộng lại được {got}.",
        "The maximum is left unknown while the maxima below add up to {got}.",
    ),
    "unknown_without_note": (
        "Điểm tối đa chưa biết thì phải có ghi chú.",
        "An unknown maximum needs a note.",
    ),
    "unknown_but_confident": (
        "Điểm tối đa để trống nhưng độ tin cậy không phải “not_found” hay “delegated”.",
        "The maximum is null but the confidence is neither “not_found” nor “delegated”.",
    ),
    "given_but_not_found": (
        "Có điểm tối đa nhưng độ tin cậy ghi “not_found”.",
        "A maximum is given but the confidence says “not_found”.",
    ),
    "unknown_maximum_rule": (
        "Chưa biết điểm tối đa thì chỉ dùng được cách tính “direct”.",
        "With an unknown maximum only the rule “direct” can be used.",
    ),
    "unknown_maximum_exempt": (
        "Không thể miễn mục chưa biết điểm tối đa (không tính lại được thang điểm).",
        "A node with an unknown maximum cannot be exempted (the base cannot be renormalised).",
    ),
    # the rules
    "choice_maximum": (
        "Phương án cao nhất được {got} điểm, không bằng điểm tối đa {expected}.",
        "The best option earns {got}, not the maximum {expected}.",
    ),
    "steps_maximum": (
        "Mức cao nhất được {got} điểm, không bằng điểm tối đa {expected}.",
        "The best step earns {got}, not the maximum {expected}.",
    ),
    "gap": ("Có khoảng trống tại {at}.", "There is a gap at {at}."),
    "overlap": ("Hai khoảng chồng lên nhau tại {at}.", "Two intervals overlap at {at}."),
    "interval_reversed": ("Cận dưới không nhỏ hơn cận trên.", "The lower end is not below the upper end."),
    "threshold_above_full": (
        "Ngưỡng {got} lớn hơn mức đạt điểm tối đa {expected}.",
        "The threshold {got} is above the value that earns everything, {expected}.",
    ),
    "target_missing": ("Thiếu mục tiêu để so sánh.", "There is no target to compare with."),
    "target_unused": (
        "Có mục tiêu nhưng cách tính so với đơn vị tốt nhất.",
        "A target is given but the rule compares with the best.",
    ),
    "weight_missing": ("Nhóm “{id}” chưa có trọng số.", "The group “{id}” has no weight."),
    "weight_unused": (
        "Nhóm “{id}” có trọng số nhưng cách tính gộp chung phiếu.",
        "The group “{id}” has a weight but ballots are pooled.",
    ),
    "weights_do_not_add_up": ("Tổng trọng số là {got}, không bằng 1.", "The weights add up to {got}, not 1."),
    "bonus_inside_base": (
        "Điểm thưởng, điểm phạt phải nằm ngoài thang điểm (outside_base).",
        "Bonus and penalty points must stand outside the base (outside_base).",
    ),
    "outside_base_rule": (
        "Ngoài thang điểm chỉ dùng cách tính thưởng, phạt.",
        "Outside the base only the bonus-penalty rule is used.",
    ),
    "outside_base_below_top": (
        "Mục ngoài thang điểm phải ở cấp cao nhất và không có mục con.",
        "A node outside the base must be a leaf at the top level.",
    ),
    "bonus_range": (
        "Mức thấp nhất {got} lớn hơn mức cao nhất {expected}.",
        "The lowest {got} is above the highest {expected}.",
    ),
    "bonus_maximum": (
        "Điểm tối đa {got} không bằng mức thưởng cao nhất {expected}.",
        "The maximum {got} is not the highest bonus {expected}.",
    ),
    # the set
    "not_a_date": ("“{got}” không phải là ngày có thật.", "“{got}” is not a real date."),
    "dates_reversed": (
        "Ngày hết hiệu lực trước ngày có hiệu lực.",
        "The set ends before it begins.",
    ),
    "decision_missing": (
        "Bộ tiêu chí chính thức phải ghi quyết định ban hành.",
        "An official set must name its decision.",
    ),
    "illustration_not_said": (
        "Tên bộ tiêu chí minh họa phải có chữ “minh họa” (vi) và “illustration” (en).",
        "The title of an illustration must say “minh họa” (vi) and “illustration” (en).",
    ),
    "illustration_in_official": (
        "Bộ tiêu chí chính thức không chứa giá trị minh họa.",
        "An official set holds no illustrative values.",
    ),
    "source_missing": (
        "Giá trị “seen” hoặc “inferred” phải dẫn nguồn.",
        "A value that is “seen” or “inferred” must name a source.",
    ),
    "unknown_source": ("Không có nguồn “{id}” trong danh sách.", "The source “{id}” is not listed."),
    "unknown_part": (
        "Không có phần “{id}” trong các cách chia (cuts).",
        "The part “{id}” is in none of the cuts.",
    ),
    "part_twice": (
        "Tiêu chí nằm trong hai phần của cùng cách chia “{id}”.",
        "The leaf is in two parts of the cut “{id}”.",
    ),
    "part_missing": (
        "Tiêu chí không thuộc phần nào của cách chia đầy đủ “{id}”.",
        "The leaf is in no part of the complete cut “{id}”.",
    ),
    "unknown_scale": ("Không có thang xếp loại “{id}”.", "There is no band scale “{id}”."),
    "half_known_scale": (
        "Thang xếp loại phải biết tất cả các ngưỡng hoặc không biết ngưỡng nào.",
        "A band scale has all of its thresholds or none.",
    ),
    # the settings
    "unknown_survey": (
        "Không có cuộc khảo sát “{id}” trong danh sách.",
        "The survey “{id}” is not listed.",
    ),
    "unknown_survey_item": (
        "Cuộc khảo sát “{survey}” không có câu hỏi “{id}”.",
        "The survey “{survey}” has no item “{id}”.",
    ),
    "items_without_survey": (
        "Có nêu câu hỏi nhưng không nêu cuộc khảo sát.",
        "Items are named but no survey.",
    ),
    "groups_twice": (
        "Cách tính đã dẫn cuộc khảo sát “{id}” thì lấy nhóm và trọng số của cuộc khảo sát đó, không ghi lại.",
        "A rule that names the survey “{id}” takes its groups and weights from it and states none itself.",
    ),
    "replaces_itself": (
        "Bộ tiêu chí không thể thay thế chính phiên bản này.",
        "A set cannot replace the very version it is.",
    ),
    "ranked_coarser_than_shown": (
        "Xếp hạng trên {got} chữ số thập phân nhưng in {expected} chữ số: "
        "hai đơn vị in khác nhau có thể đồng hạng.",
        "Places are decided on {got} decimals but {expected} are printed: "
        "two units could share a place and show different figures.",
    ),
    "block_overlap": (
        "“{id}” nằm trong hai khối xếp hạng.",
        "“{id}” is in two blocks.",
    ),
    "block_empty": (
        "Khối không nêu loại đơn vị hay đơn vị nào.",
        "The block names no kind of unit and no unit.",
    ),
    "bonus_limits_unused": (
        "Có giới hạn điểm thưởng, phạt nhưng cây không có mục nào ngoài thang điểm.",
        "Bonus and penalty have limits but the tree has no node outside the base.",
    ),
    "exempted_not_exemptible": (
        "Lý do miễn chấm nêu mục “{id}” nhưng mục này không được miễn.",
        "The exemption names the node “{id}”, which may not be exempted.",
    ),
    "exemption_nested": (
        "Mục “{id}” nằm trong một mục khác cũng được miễn theo cùng lý do.",
        "The node “{id}” lies within another that the same exemption names.",
    ),
    "delegated_without_frame": (
        "Điểm tối đa giao cấp dưới quy định thì mục chứa nó phải có điểm tối đa.",
        "A maximum left to a lower authority needs a known maximum above it.",
    ),
    "delegated_rule": (
        "Điểm tối đa giao cấp dưới quy định thì không dùng được cách tính “{rule}” (có điểm ghi sẵn).",
        "A maximum left to a lower authority cannot go with the rule “{rule}”, which states points itself.",
    ),
    "given_but_delegated": (
        "Có điểm tối đa nhưng độ tin cậy ghi “delegated” (giao cấp dưới quy định).",
        "A maximum is given but the confidence says “delegated”.",
    ),
    # one set beside another
    "same_day_claimed": (
        "Bộ “{id}” phiên bản {version} cũng có hiệu lực cho loại đơn vị này từ {first} đến {last}.",
        "The set “{id}” version {version} is in force for these units too, from {first} to {last}.",
    ),
    "framework_other": (
        "Bộ khung được nêu không phải bộ “{id}” phiên bản {version} với nội dung đã lưu.",
        "The framework named is not the set “{id}” version {version} as it is kept.",
    ),
    "framework_maximum": (
        "Điểm tối đa {got} khác mức {expected} do bộ khung quy định.",
        "The maximum {got} differs from {expected}, which the framework fixes.",
    ),
    "framework_missing": ("Thiếu mục “{id}” của bộ khung.", "The framework's node “{id}” is missing."),
    "framework_extra": ("Bộ khung không có mục “{id}”.", "The framework has no node “{id}”."),
    # the inputs
    "unknown_exemption": ("Không có lý do miễn chấm “{id}”.", "There is no exemption “{id}”."),
    "unknown_leaf": ("Không có tiêu chí “{id}”.", "There is no leaf “{id}”."),
    "input_for_parent": (
        "“{id}” có tiêu chí con; chỉ nhận “không áp dụng”.",
        "“{id}” has children; it takes only “not applicable”.",
    ),
    "input_below_exempt": (
        "“{id}” nằm trong mục đã được miễn nhưng vẫn có số liệu.",
        "“{id}” lies within an exempted node and still has an input.",
    ),
    "wrong_input": (
        "Cách tính “{rule}” không nhận số liệu kiểu {got}.",
        "The rule “{rule}” does not take an input of kind {got}.",
    ),
    "unknown_option": ("Không có phương án “{id}”.", "There is no option “{id}”."),
    "unknown_group": ("Không có nhóm “{id}”.", "There is no group “{id}”."),
    "not_a_number": ("Số liệu không phải là số hữu hạn.", "The input is not a finite number."),
    "negative_input": ("Số liệu âm: {got}.", "The input is negative: {got}."),
    "zero_denominator": (
        "Mẫu số bằng 0; nếu không phát sinh, hãy ghi “không áp dụng”.",
        "The denominator is 0; where there was nothing to do, say “not applicable”.",
    ),
    "above_maximum": (
        "{got} điểm lớn hơn điểm tối đa {expected}.",
        "{got} points are more than the maximum {expected}.",
    ),
    "below_lowest": (
        "{got} điểm nhỏ hơn mức thấp nhất {expected}.",
        "{got} points are less than the lowest {expected}.",
    ),
    "outside_scale": (
        "Giá trị {got} nằm ngoài thang 0–{expected}.",
        "The value {got} lies outside the scale 0–{expected}.",
    ),
    "sample_size_missing": (
        "Gộp chung phiếu cần số phiếu của nhóm “{id}”.",
        "Pooling ballots needs the number of ballots of the group “{id}”.",
    ),
    "unknown_item": ("Không có câu hỏi “{id}” trong nhóm này.", "This group has no item “{id}”."),
    "share_outside": ("Tỷ lệ {got} nằm ngoài khoảng 0–1.", "The share {got} lies outside 0–1."),
    "no_share_left": (
        "Không còn phương án nào khác để nhận hoặc bớt phần tỷ lệ này.",
        "No other option is left to give or take this share.",
    ),
    "not_exemptible": ("Tiêu chí này không được miễn.", "This node may not be exempted."),
    "nothing_left": (
        "Tất cả các mục đều được miễn; không còn gì để chấm điểm.",
        "Everything is exempted; nothing is left to score.",
    ),
    # the mapping between two years
    "unknown_node": ("Bộ tiêu chí không có mục “{id}”.", "The criteria set has no node “{id}”."),
    "matched_twice": ("Mục “{id}” được đối chiếu hai lần.", "The node “{id}” is matched twice."),
    "other_set": (
        "Bảng đối chiếu ghi bộ tiêu chí “{expected}”, không phải “{got}”.",
        "The mapping is for the criteria set “{expected}”, not “{got}”.",
    ),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        path: where, as a JSON pointer into the file ("/tree/0/children/2/maximum"), or the id of
            the leaf for an input.
        code: a stable word of CATALOGUE.
        message: what, by language.
    """

    path: str
    code: str
    message: Mapping[str, str]

    def text(self, language: str = "vi") -> str:
        """Say it in a language, Vietnamese when that one is not kept."""
        return self.message.get(language, self.message["vi"])


def problem(path: str, code: str, **places: object) -> Problem:
    """Make a problem from the catalogue, its named places filled in."""
    vi, en = CATALOGUE[code]
    shown = {name: figure(value) for name, value in places.items()}
    return Problem(path, code, {"vi": vi.format(**shown), "en": en.format(**shown)})


def figure(value: object) -> object:
    """Show a number without the last bits of a float; leave anything else as it is."""
    return f"{value:.10g}" if isinstance(value, float) else value
