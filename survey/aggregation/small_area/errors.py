"""What can be wrong with areas that are to be modelled.

Not a poor fit, and not an area without a sample: those are no errors, they are flagged on the estimate.
"""

from __future__ import annotations

from survey.errors import Invalid


class BadAreas(Invalid):
    """No area, or areas with a variance, covariate or name that cannot be used."""

    code = "SVY-422-115"
    texts = {
        "vi": "Số liệu địa bàn nhỏ không dùng được: {problem}: {names}.",
        "en": "The small areas cannot be modelled: {problem}: {names}.",
    }


class TooFewAreas(Invalid):
    """Fewer areas with an estimate and its variance than the model has coefficients, plus one."""

    code = "SVY-422-116"
    texts = {
        "vi": "Chỉ có {found} địa bàn có ước lượng trực tiếp và phương sai; mô hình cần ít nhất {needed}.",
        "en": "Only {found} areas have a direct estimate with a variance; the model needs at least {needed}.",
    }


class CollinearCovariates(Invalid):
    """Covariates of which one is a sum of others, over the areas with a sample."""

    code = "SVY-422-117"
    texts = {
        "vi": "Các biến bổ trợ phụ thuộc tuyến tính trên các địa bàn có mẫu: {names}.",
        "en": "The covariates are linearly dependent over the areas with a sample: {names}.",
    }


class NoConvergence(Invalid):
    """A likelihood whose maximum was not found."""

    code = "SVY-422-118"
    texts = {
        "vi": "Không tìm được ước lượng REML sau {iterations} bước lặp.",
        "en": "The REML estimate was not found in {iterations} iterations.",
    }


class BadBenchmark(Invalid):
    """Shares that do not add up to 1, a total that is not a number, or a ratio that has no meaning."""

    code = "SVY-422-119"
    texts = {
        "vi": "Không hiệu chỉnh được theo ước lượng của cả tỉnh: {problem}.",
        "en": "The estimates cannot be benchmarked: {problem}.",
    }
