"""What sums promise: however rows are ordered, split, weighted, crossed or read, the estimates are the same.

Properties of the whole room and of its file engine; samples are random. No outside source is needed.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.aggregation import (
    Analysis,
    BadAnswers,
    BadRequest,
    Domain,
    IndexDefinition,
    IndexTerm,
    ItemBlock,
    Measure,
    SampleDesign,
    analyse,
    arcsine_interval,
    beta_interval,
    cross,
    jackknife,
    korn_graubard_interval,
    logit_interval,
    ratios,
    supplied_replicates,
    t_interval,
    totals,
    wilson_interval,
)
from survey.aggregation.changes import change
from survey.aggregation.engines import (
    CollapseRequest,
    add_up,
    analyse_cells,
    collapse_files,
    selection_of,
)
from survey.aggregation.weighting import Margin, rake

PROPERTY = settings(deadline=None, max_examples=10)
MEAN, TOP = Measure("mean"), Measure("top_share", (4, 5))
ITEMS = ("a", "b", "c")
INDICES = (
    IndexDefinition.averaged("averaged", {"a": 0.5, "b": 0.3, "c": 0.2}),
    IndexDefinition.pooled("pooled", ITEMS),
    IndexDefinition("mixed", (IndexTerm(0.6, ("a", "b")), IndexTerm(0.4, ("c",)))),
)
FIGURES = ("value", "variance", "se", "ci_low", "ci_high", "n", "weight", "deff", "n_eff", "df", "incomplete")
Table = dict[str, Any]


@st.composite
def samples(draw: st.DrawFn, rows: int = 60) -> Table:
    """Draw a sample whose dimensions are nested in PSUs (unit), in each other (region) or cross them."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    stratum = rng.integers(0, draw(st.integers(1, 3)), rows)
    psu = rng.integers(0, draw(st.integers(2, 4)), rows)
    unit = stratum * 10 + psu
    answers = rng.integers(1, 6, (rows, 3)).astype(np.int8)
    answers[rng.random(answers.shape) < draw(st.floats(0, 0.6))] = -1
    weights = rng.uniform(0.2, 5, rows)
    weights[rng.random(rows) < 0.1] = 0
    weights[0] = 1.0
    service = np.array(["đất đai", "hộ tịch", "thuế", None], dtype=object)[rng.integers(0, 4, rows)]
    return {
        "weights": weights,
        "stratum": np.array(["Lâm Đồng", "Huế", "Gia Lai"])[stratum],
        "psu": psu,
        "unit": unit,
        "region": unit // 10,
        "service": service,
        "gender": rng.integers(0, 2, rows),
        **dict(zip(ITEMS, answers.T, strict=True)),
    }


def rows_of(table: Table, order: np.ndarray) -> Table:
    return {name: column[order] for name, column in table.items()}


def design_of(table: Table, way: str = "taylor") -> SampleDesign:
    design = SampleDesign.build(
        weights=table["weights"], strata=table["stratum"], psu=table["psu"], lonely="remove"
    )
    if way == "calibrated":
        live = table["weights"] > 0
        places = np.unique(table["gender"][live])
        known = np.where(np.isin(table["gender"], places), table["gender"], places[0])
        margin = Margin("gender", known, {int(one): 100.0 + 10 * one for one in places})
        return design.calibrated(rake(table["weights"], [margin]))
    if way == "replicates":
        columns = np.stack(
            [table["weights"] * (1 + 0.5 * ((table["unit"] + at) % 3 - 1)) for at in range(6)], 1
        )
        return design.replicated(supplied_replicates(columns, scale=0.2))
    return design


WAYS = ("taylor", "calibrated", "replicates")
Sets = dict[str, Any]


def sets_of(table: Table) -> Sets:
    return {name: table[name] for name in ("unit", "region", "service", "gender")}


def analysed(table: Table, way: str = "taylor", sets: Sets | None = None, **more: Any) -> Analysis:
    return analyse(
        design_of(table, way),
        {item: table[item] for item in ITEMS},
        domains=sets_of(table) if sets is None else sets,
        **{"measure": MEAN, "indices": INDICES, **more},
    )


def assert_same(
    one: Analysis, other: Analysis, figures: tuple[str, ...] = FIGURES, rel: float = 1e-9, atol: float = 1e-12
) -> None:
    """Compare the figures of all domains of one analysis with another's; 1/n_eff where n_eff has no bound."""
    places = [other.domain_places[domain] for domain in one.domains]
    for figure in figures:
        found, wanted = getattr(one, figure), getattr(other, figure)[places]
        if figure == "n_eff":
            found, wanted = 1 / found, 1 / wanted
        if figure in ("se", "ci_low", "ci_high"):
            # A variance that is rounding is published or not by its last digit.
            both = ~np.isnan(found) & ~np.isnan(wanted)
            shaky = other.variance[places] < 1e-20
            np.testing.assert_array_equal(np.isnan(found) | shaky, np.isnan(wanted) | shaky, err_msg=figure)
            found, wanted = found[both], wanted[both]
        tolerance = 1e-8 if figure in ("se", "ci_low", "ci_high") else atol
        np.testing.assert_allclose(found, wanted, rtol=rel, atol=tolerance, err_msg=figure)


# Order, scale, parts


@PROPERTY
@given(samples(), st.randoms(use_true_random=False), st.sampled_from(WAYS))
def test_the_order_of_rows_changes_nothing_however_variances_are_had(
    table: Table, random: Any, way: str
) -> None:
    order = np.arange(table["weights"].size)
    random.shuffle(order)
    assert_same(analysed(rows_of(table, order), way), analysed(table, way))


@PROPERTY
@given(samples(), st.floats(1e-3, 1e4), st.sampled_from(["taylor", "replicates"]))
def test_weights_times_a_constant_change_totals_and_nothing_else(
    table: Table, factor: float, way: str
) -> None:
    bigger = table | {"weights": table["weights"] * factor}
    figures = tuple(one for one in FIGURES if one != "weight")
    before, after = analysed(table, way), analysed(bigger, way)
    assert_same(after, before, figures)
    np.testing.assert_allclose(after.design_effect("kish"), before.design_effect("kish"), rtol=1e-12)
    sums = [
        totals(
            design_of(one, way), {"a": np.where(table["a"] < 0, np.nan, table["a"])}, domains=table["gender"]
        )
        for one in (table, bigger)
    ]
    np.testing.assert_allclose(sums[1].value, sums[0].value * factor, rtol=1e-12)
    np.testing.assert_allclose(
        sums[1].variance, sums[0].variance * factor**2, rtol=1e-9, atol=1e-12 * factor**2
    )
    np.testing.assert_allclose(sums[1].deff, sums[0].deff, rtol=1e-7, atol=1e-12)


@PROPERTY
@given(samples())
def test_domains_that_cover_everyone_add_up_to_the_whole(table: Table) -> None:
    """Σ totals = total; Σ W_d m_d / W = m; respondents, PSUs of no two domains shared when nested."""
    analysis = analysed(table, sets={"gender": table["gender"], "unit": table["unit"]})
    for by in ("gender", "unit"):
        at = [row for row, domain in enumerate(analysis.domains) if domain.by == by]
        assert analysis.n[at].sum(axis=0).tolist() == analysis.n[0].tolist()
        weight = np.nan_to_num(analysis.weight[at])
        np.testing.assert_allclose(weight.sum(axis=0), analysis.weight[0], rtol=1e-12)
        items = slice(0, len(ITEMS))
        together = (weight * np.nan_to_num(analysis.value[at]))[:, items].sum(axis=0)
        with np.errstate(invalid="ignore"):
            np.testing.assert_allclose(
                together / weight[:, items].sum(axis=0), analysis.value[0, items], rtol=1e-12
            )
        pooled = len(ITEMS) + 1  # the pooled mean weighs by answers, not by respondents
        answers = weight[:, items].sum(axis=1)
        if answers.sum() > 0:
            found = (answers * np.nan_to_num(analysis.value[at, pooled])).sum() / answers.sum()
            assert found == pytest.approx(analysis.value[0, pooled], rel=1e-12)


# One scan or several


@pytest.mark.parametrize("way", WAYS)
@PROPERTY
@given(table=samples(), rows_a_cell=st.sampled_from([0, 8, 10**6]), block=st.sampled_from([7, 2048]))
def test_every_plan_of_scans_gives_what_each_dimension_gives_alone(
    way: str, table: Table, rows_a_cell: int, block: int
) -> None:
    """One joint crossing (0), scans of the finest sets with roll-ups (10⁶), or whatever is cheaper."""
    with pytest.MonkeyPatch.context() as patch:
        scans = sys.modules["survey.aggregation.collapse"]
        patch.setattr(scans, "ROWS_A_CELL", rows_a_cell)
        patch.setattr(scans, "BLOCK_ROWS", block)
        together = analysed(table, way)
    for by, labels in sets_of(table).items():
        assert_same(analysed(table, way, {by: labels}), together)


def test_the_plan_is_one_joint_scan_or_one_of_the_finest_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(1)
    unit = rng.integers(0, 6, 90)
    table = {"weights": np.ones(90), "stratum": np.zeros(90), "psu": unit, "unit": unit, "region": unit // 3}
    design = SampleDesign.build(weights=table["weights"], psu=unit)
    scans = sys.modules["survey.aggregation.collapse"]
    counted: list[int] = []
    scan_into: Callable[..., None] = scans.scan_into

    def counting(targets: Any, *rest: Any) -> None:
        counted.append(len(targets))
        scan_into(targets, *rest)

    monkeypatch.setattr(scans, "scan_into", counting)
    person = {"unit": unit, "region": table["region"], "person": np.arange(90)}
    for rows_a_cell, sets, tables in (
        (0, person, 1),
        (8, {"unit": unit, "region": table["region"]}, 1),
        (10**6, {"unit": unit, "region": table["region"]}, 1),  # regions roll up from units, and so does all
        (10**6, person, 1),  # everything is coarser than persons
        (10**6, {"unit": unit, "odd": np.arange(90) % 2, "third": np.arange(90) % 3}, 2),
    ):
        counted.clear()
        monkeypatch.setattr(scans, "ROWS_A_CELL", rows_a_cell)
        analyse(design, {"a": np.arange(90.0)}, domains=sets, measure=MEAN)
        assert counted == [tables], (rows_a_cell, tuple(sets))


# Cases and options


@PROPERTY
@given(samples(), st.sampled_from(WAYS), st.sampled_from([MEAN, TOP]))
def test_listwise_is_available_cases_of_the_complete_responses(
    table: Table, way: str, measure: Measure
) -> None:
    complete = np.all([table[item] >= 0 for item in ITEMS], axis=0)
    if not complete.any():
        return
    filtered = table | {item: np.where(complete, table[item], -1).astype(np.int8) for item in ITEMS}
    found, wanted = (
        analysed(table, way, missing="listwise", measure=measure),
        analysed(filtered, way, measure=measure),
    )
    assert_same(found, wanted, rel=1e-12)
    assert "; listwise cases; " in found.estimate("", "a").method
    numbers = {item: np.where(table[item] < 0, np.nan, table[item]) for item in ITEMS}
    kept = {item: np.where(complete, column, np.nan) for item, column in numbers.items()}
    for estimate in (
        totals,
        lambda d, one, **more: ratios(
            d, {"a": one["a"], "b": one["b"]}, {"x": one["c"], "y": one["a"]}, **more
        ),
    ):
        listwise = estimate(design_of(table, way), numbers, domains=table["gender"], missing="listwise")
        assert_same(listwise, estimate(design_of(table, way), kept, domains=table["gender"]), rel=1e-12)


def test_cases_of_another_name_are_refused() -> None:
    with pytest.raises(BadRequest, match="pairwise"):
        analyse(SampleDesign.build(weights=np.ones(3)), {"a": np.ones(3)}, measure=MEAN, missing="pairwise")  # type: ignore[arg-type]


METHODS: dict[str, Callable[..., Any]] = {
    "t": lambda p, se, n, df: t_interval(p, se, df),
    "normal": lambda p, se, n, df: t_interval(p, se, np.inf),
    "logit": lambda p, se, n, df: logit_interval(p, se, df),
    "wilson": lambda p, se, n, df: wilson_interval(p, se, df),
    "beta": lambda p, se, n, df: beta_interval(p, se, n, df),
    "korn_graubard": lambda p, se, n, df: korn_graubard_interval(p, se, n, df),
    "arcsine": lambda p, se, n, df: arcsine_interval(p, se, df),
}


@PROPERTY
@given(samples(), st.sampled_from(sorted(METHODS)))
def test_an_interval_by_name_is_that_method_of_the_same_figures(table: Table, method: Any) -> None:
    analysis, default = (analysed(table, measure=TOP, interval=one) for one in (method, "default"))
    assert_same(analysis, default, ("value", "variance", "se", "n", "deff", "df"), rel=1e-15)
    inside = ~np.isnan(analysis.se) & (analysis.value > 1e-9) & (analysis.value < 1 - 1e-9)
    df = np.broadcast_to(analysis.df[:, None], inside.shape)
    low, high = METHODS[method](analysis.value[inside], analysis.se[inside], analysis.n[inside], df[inside])
    np.testing.assert_array_equal(analysis.ci_low[inside], low)
    np.testing.assert_array_equal(analysis.ci_high[inside], high)
    if method == "korn_graubard":
        ends = ~np.isnan(analysis.value) & ((analysis.value < 1e-9) | (analysis.value > 1 - 1e-9))
        single = np.arange(inside.shape[1]) < len(ITEMS)
        known = ends & single & (df >= 1) & (analysis.n >= 2)
        assert (~np.isnan(analysis.ci_low[ends])).tolist() == known[ends].tolist()
    else:
        assert np.isnan(analysis.ci_low[~inside]).all()


def test_methods_for_shares_are_refused_for_scores_and_unknown_ones_always() -> None:
    design, answers = SampleDesign.build(weights=np.ones(4)), {"a": np.arange(4.0)}
    for method in set(METHODS) - {"t", "normal"}:
        with pytest.raises(BadRequest, match="proportions only"):
            analyse(design, answers, measure=MEAN, interval=method)  # type: ignore[arg-type]
        with pytest.raises(BadRequest, match="proportions only"):
            totals(design, answers, interval=method)  # type: ignore[arg-type]
    with pytest.raises(BadRequest, match="'wald'"):
        analyse(design, answers, measure=TOP, interval="wald")  # type: ignore[arg-type]


@PROPERTY
@given(samples(), st.sampled_from(WAYS), st.sampled_from([MEAN, TOP]))
def test_doing_without_design_effects_changes_no_other_figure(
    table: Table, way: str, measure: Measure
) -> None:
    """Nothing is left of what was not asked for: no number that is no design effect."""
    without, asked = (analysed(table, way, measure=measure, deff=one) for one in (False, True))
    others = tuple(one for one in FIGURES if one not in ("deff", "n_eff"))
    assert_same(without, asked, others, rel=1e-12)
    for convention in ("with_replacement", "without_replacement", "kish"):
        assert np.isnan(without.design_effect(convention)).all()  # type: ignore[arg-type]
    one = without.estimate("", "a")
    assert (one.deff, one.n_eff, one.method) == (None, None, asked.estimate("", "a").method)
    numbers = {"a": np.where(table["a"] < 0, np.nan, table["a"] / 5)}
    assert np.isnan(totals(design_of(table, way), numbers, deff=False).deff).all()


def test_whole_numbers_of_any_type_stand_side_by_side() -> None:
    """-1 is missing in signed columns whatever they are stacked with: int64 beside uint64 is float64."""
    columns = {
        "i8": np.array([1, -1, 3], dtype=np.int8),
        "i64": np.array([-1, 2, 3], dtype=np.int64),
        "u64": np.array([1, 2, 3], dtype=np.uint64),
        "yes": np.array([True, False, True]),
        "f32": np.array([0.5, np.nan, 1.5], dtype=np.float32),
    }
    design = SampleDesign.build(weights=np.ones(3))
    for kept in (
        columns,
        {one: columns[one] for one in ("i64", "u64")},
        {one: columns[one] for one in ("i8", "yes")},
    ):
        analysis = analyse(design, kept, measure=MEAN)
        alone = [analyse(design, {item: column}, measure=MEAN) for item, column in kept.items()]
        assert analysis.n[0].tolist() == [one.n[0, 0] for one in alone]
        np.testing.assert_array_equal(analysis.value[0], [one.value[0, 0] for one in alone])


@pytest.mark.parametrize(
    "column", [np.array(["1"]), np.array([1j]), np.array([-2]), np.array([np.inf]), np.ones((1, 1))]
)
def test_columns_that_are_no_answers_are_refused_by_name(column: np.ndarray) -> None:
    with pytest.raises(BadAnswers, match="tiêu chí 7"):
        ItemBlock.from_columns({"tiêu chí 7": column})


# Engines


def written(table: Table, folder: Path, files: int) -> tuple[Path, ...]:
    """Write a sample as Parquet files, some items with nulls instead of -1 and others with codes below it."""
    kept = {name: column for name, column in table.items() if name not in ITEMS}
    kept |= {"a": pa.array([int(x) if x >= 0 else None for x in table["a"]], pa.int8())}
    kept |= {"b": np.where(table["b"] < 0, -9, table["b"]).astype(np.int16), "c": table["c"].astype(np.int64)}
    whole = pa.table(kept | {"service": pa.array(table["service"].tolist(), pa.string())})
    paths = []
    for at, rows in enumerate(np.array_split(np.arange(whole.num_rows), files)):
        paths.append(folder / f"part{at}.parquet")
        pq.write_table(whole.take(pa.array(rows)), paths[-1], row_group_size=9)
    return tuple(paths)


CROSSED = (
    ("unit",),
    ("region",),
    ("service",),
    ("gender", "service"),
    ("unit", "gender"),
    ("region", "service", "gender"),
)


def crossed_labels(table: Table) -> Sets:
    return {
        " × ".join(one): table[one[0]] if len(one) == 1 else cross(*(table[name] for name in one))
        for one in CROSSED
    }


@PROPERTY
@given(
    table=samples(),
    measure=st.sampled_from([MEAN, TOP]),
    files=st.integers(1, 3),
    batch=st.sampled_from([5, 10**6]),
    rows_a_cell=st.sampled_from([0.01, 10**6]),
)
def test_the_file_engine_gives_what_analyse_gives(
    table: Table, measure: Measure, files: int, batch: int, rows_a_cell: float
) -> None:
    """Nulls, codes below -1, weights of 0, text and numbers as labels, nested and crossed dimensions.

    Batches of 5 rows meet labels late: an attribute of PSUs that is none starts the scan anew.
    """
    request, tables = collapsed(table, measure, files, batch, rows_a_cell)
    found = analyse_cells(tables, request, selection_of(tables[0], lonely="remove"))
    wanted = analysed(table, sets=crossed_labels(table), measure=measure)
    assert set(found.domains) == set(wanted.domains)
    figures = tuple(one for one in FIGURES if one not in ("deff", "n_eff"))
    assert_same(found, wanted, figures, rel=1e-12, atol=1e-14)
    items = [found.domain_places[one] for one in wanted.domains]
    np.testing.assert_allclose(found.deff[items, :3], wanted.deff[:, :3], rtol=1e-7, atol=1e-10)
    for domain, statistic, one in wanted.rows():
        same = found.estimate(domain, statistic)
        assert (same.n, same.df, same.unit) == (one.n, one.df, one.unit)
    pair = [(wanted.domains[1], "a"), (wanted.domains[-1], "averaged"), ("", "pooled")]
    np.testing.assert_allclose(found.covariance(pair), wanted.covariance(pair), rtol=1e-9, atol=1e-14)
    assert [str(one) for one in found.design.selection.psu_labels] == [
        str(one) for one in wanted.design.selection.psu_labels
    ]


def collapsed(
    table: Table, measure: Measure, files: int, batch: int, rows_a_cell: float
) -> tuple[CollapseRequest, Any]:
    """Collapse a sample through files."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        local = sys.modules["survey.aggregation.engines.local"]
        patch.setattr(local, "BATCH_ROWS", batch)
        patch.setattr(local, "ROWS_A_CELL", rows_a_cell)
        request = CollapseRequest(
            written(table, Path(folder), files),
            ITEMS,
            measure,
            weights="weights",
            stratum="stratum",
            psu="psu",
            sets=CROSSED,
            indices=INDICES,
        )
        return request, collapse_files(request)


@PROPERTY
@given(samples())
def test_an_attribute_of_psus_costs_no_cells_until_it_proves_to_be_none(table: Table) -> None:
    """`unit` here is one a (stratum, PSU); swapping two rows' labels makes it cross PSUs, found late."""
    mixed = table | {"unit": table["unit"].copy()}
    mixed["unit"][[0, -1]] = mixed["unit"][[-1, 0]]
    for one in (table, mixed):
        request, tables = collapsed(one, TOP, 2, 7, 10**6)
        found = analyse_cells(tables, request, selection_of(tables[0], lonely="remove"))
        wanted = analysed(one, sets=crossed_labels(one), measure=TOP)
        assert set(found.domains) == set(wanted.domains)
        assert_same(found, wanted, ("value", "variance", "n", "df"), rel=1e-12, atol=1e-14)


@PROPERTY
@given(samples())
def test_cells_of_parts_of_a_sample_add_up_to_those_of_the_whole(table: Table) -> None:
    halves = [rows_of(table, half) for half in (np.arange(25), np.arange(25, 60))]
    request, whole = collapsed(table, MEAN, 1, 10**6, 0.01)
    parts = [collapsed(half, MEAN, 1, 10**6, 0.01)[1] for half in halves]
    if any(len(one) > 1 for one in (whole, *parts)):
        return  # each half planned its own tables
    both = add_up([one[0] for one in parts])
    assert (both.psus, both.rows) == (whole[0].psus, whole[0].rows)
    found, wanted = (
        analyse_cells([one], request, selection_of(one, lonely="remove")) for one in (both, whole[0])
    )
    assert_same(found, wanted, ("value", "variance", "n", "df"), rel=1e-12, atol=1e-14)


@PROPERTY
@given(samples(), samples())
def test_sizes_replicates_and_changes_are_had_from_cells_too(table: Table, later: Table) -> None:
    sizes = {name: 40 for name in ("Lâm Đồng", "Huế", "Gia Lai")}
    made = []
    for one in (table, later):
        request, tables = collapsed(one, MEAN, 1, 10**6, 8)
        selection = selection_of(tables[0], fpc=sizes, lonely="remove")
        design = SampleDesign.build(
            weights=one["weights"], strata=one["stratum"], psu=one["psu"], fpc=sizes, lonely="remove"
        )
        rows = [
            analyse(
                each,
                {item: one[item] for item in ITEMS},
                domains={"gender × service": cross(one["gender"], one["service"])},
                measure=MEAN,
                indices=INDICES,
            )
            for each in (design, design.replicated(jackknife(design.selection)))
        ]
        cells = [
            analyse_cells(tables, request, selection),
            analyse_cells(tables, request, selection, replicates=jackknife(selection)),
        ]
        for found, wanted in zip(rows, cells, strict=True):
            assert_same(found, wanted, ("value", "variance", "n", "df"), rel=1e-11, atol=1e-13)
        made.append((rows[0], cells[0]))
    by_rows, by_cells = (change(made[0][at], made[1][at], "averaged") for at in (0, 1))
    assert by_cells.value == pytest.approx(by_rows.value, rel=1e-10, abs=1e-12)
    if by_rows.se is not None:
        assert by_cells.se == pytest.approx(by_rows.se, rel=1e-10)
    assert by_cells.df == by_rows.df


def test_domains_of_cells_come_in_the_order_of_their_labels() -> None:
    rng = np.random.default_rng(1)
    table: Table = {
        "weights": np.ones(40), "stratum": np.repeat("p", 40), "psu": np.arange(40) % 4, "unit": np.arange(40) % 12,
        "region": np.arange(40) % 2, "service": np.array(["b", "a"] * 20, dtype=object), "gender": np.arange(40) % 2,
        **{item: rng.integers(1, 6, 40).astype(np.int8) for item in ITEMS},
    }  # fmt: skip
    request, tables = collapsed(table, MEAN, 1, 10**6, 8)
    found = analyse_cells(tables, request, selection_of(tables[0]))
    units = [one.value for one in found.domains if one.by == "unit"]
    assert units == [str(at) for at in range(12)]
    assert [one for one in found.domains if one.by == "service"] == [
        Domain("service", "a"),
        Domain("service", "b"),
    ]
    with pytest.raises(BadRequest, match="dimensions"):
        analyse_cells(tables[:0], request, selection_of(tables[0]))
