// Draws every <figure data-chart> from the table inside it, so chart and table can never disagree.
// Kinds: "intervals" (bars with interval whiskers) and "distribution" (shares of 100 %).
// Without this script the table is the figure. Needs the vendored ECharts loaded before it.

const echarts = window.echarts;
const forced = window.matchMedia("(forced-colors: active)");
const language = document.documentElement.lang || "vi";

function palette(figure) {
  const style = getComputedStyle(figure);
  const token = (name, system) => (forced.matches ? system : style.getPropertyValue(name).trim());
  return {
    ink: token("--ink", "CanvasText"),
    soft: token("--ink-soft", "CanvasText"),
    line: token("--line", "GrayText"),
    paper: token("--paper", "Canvas"),
    bar: token("--chart-bar", "GrayText"),
    weak: token("--chart-weak", "GrayText"),
    marked: token("--chart-marked", "Highlight"),
    reference: token("--level-2", "CanvasText"),
    levels: [1, 2, 3, 4, 5].map((n) => token(`--chart-${n}`, n % 2 ? "GrayText" : "Canvas")),
    onLevels: [1, 2, 3, 4, 5].map((n) => token(`--on-chart-${n}`, "CanvasText")),
    font: style.fontFamily,
  };
}

function writer(figure) {
  const digits = Number(figure.dataset.digits);
  const format = new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return (value) => (Number.isFinite(value) ? format.format(value) : "–");
}

const numberOf = (cell, part) => (cell && part in cell.dataset ? Number(cell.dataset[part]) : NaN);
const words = (cell) => cell.textContent.trim().replace(/\s+/g, " ");
const rowsOf = (figure) => [...figure.querySelectorAll("tbody tr")];

function readIntervals(figure) {
  return rowsOf(figure).map((row) => ({
    label: words(row.querySelector("th")),
    value: numberOf(row.querySelector("[data-value]"), "value"),
    low: numberOf(row.querySelector("[data-low]"), "low"),
    high: numberOf(row.querySelector("[data-high]"), "high"),
    n: words(row.lastElementChild),
    weak: row.classList.contains("is-weak"),
    marked: row.classList.contains("is-marked"),
  }));
}

function readDistribution(figure) {
  const levels = [...figure.querySelectorAll("th[data-level]")].map(words);
  const rows = rowsOf(figure).map((row) => ({
    label: words(row.querySelector("th")),
    shares: [...row.querySelectorAll("td")].slice(0, levels.length).map((cell) => numberOf(cell, "value")),
    n: words(row.lastElementChild),
  }));
  return { levels, rows };
}

const narrow = (width) => width < 560;

// Names stand left of the bars; on a phone above them, where there is room for a long name.
function nameLabels(width, room, colours) {
  const text = { color: colours.ink, fontSize: 13, lineHeight: 17, overflow: "break", interval: 0 };
  if (!narrow(width)) return { ...text, width: room };
  return { ...text, inside: true, margin: 0, align: "left", verticalAlign: "bottom", padding: [0, 0, 14, 0], width: width - 84, textBorderColor: colours.paper, textBorderWidth: 3 };
}

// Rows grow with the longest name, so that names meet neither each other nor what stands above.
function roomOf(labels, width, least) {
  const line = narrow(width) ? width - 84 : Math.min(280, width * 0.38);
  const text = 17 * Math.max(...labels.map((label) => Math.ceil((label.length * 6.9) / line)));
  const row = Math.max(least, text + (narrow(width) ? 34 : 8));
  return { row, above: narrow(width) ? Math.max(0, text + 14 - row / 2) : 0 };
}

function frame(colours, width, top, labels, right) {
  const room = narrow(width) ? 0 : Math.round(Math.min(280, width * 0.38));
  return {
    animation: false,
    textStyle: { fontFamily: colours.font, color: colours.ink },
    grid: { left: narrow(width) ? 4 : room + 12, right, top, bottom: 28, containLabel: false },
    yAxis: {
      type: "category",
      inverse: true,
      data: labels,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: colours.soft } },
      axisLabel: nameLabels(width, room, colours),
      z: 3,
    },
    tooltip: {
      renderMode: "richText",
      confine: true,
      backgroundColor: colours.paper,
      borderColor: colours.soft,
      textStyle: { color: colours.ink, fontFamily: colours.font, fontSize: 13 },
    },
  };
}

function valueAxis(colours, width, min, max) {
  const format = new Intl.NumberFormat(language);
  return {
    type: "value",
    min,
    max,
    splitNumber: narrow(width) ? 2 : 5,
    splitLine: { lineStyle: { color: colours.line } },
    axisLabel: { color: colours.soft, fontSize: 12, formatter: (value) => format.format(value) },
  };
}

function whiskers(rows, colours) {
  const line = { symbol: "rect", symbolSize: [11, 2], lineStyle: { color: colours.ink, width: 2, type: "solid" }, label: { show: false } };
  return rows.flatMap((row, place) =>
    Number.isFinite(row.low) && Number.isFinite(row.high)
      ? [[{ coord: [row.low, place], ...line }, { coord: [row.high, place], symbol: "rect", symbolSize: [11, 2] }]]
      : [],
  );
}

function referenceLine(figure, colours, write) {
  if (!("reference" in figure.dataset)) return [];
  const value = Number(figure.dataset.reference);
  return [
    {
      xAxis: value,
      lineStyle: { color: colours.reference, width: 2, type: "dashed" },
      label: {
        formatter: `${figure.dataset.referenceLabel}: ${write(value)}`,
        position: "start",
        color: colours.reference,
        fontSize: 13,
        fontWeight: 600,
        fontFamily: colours.font,
      },
    },
  ];
}

function barColour(row, colours) {
  if (row.marked) return colours.marked;
  return row.weak ? colours.weak : colours.bar;
}

function intervals(figure, width) {
  const colours = palette(figure);
  const write = writer(figure);
  const rows = readIntervals(figure);
  const { unit = "", min, max } = figure.dataset;
  const written = (row) => `${write(row.value)}${unit === "%" ? " %" : ""}`;
  const labels = rows.map((row) => row.label);
  const room = roomOf(labels, width, narrow(width) ? 64 : 38);
  const option = frame(colours, width, ("reference" in figure.dataset ? 30 : 10) + room.above, labels, 84);
  option.xAxis = valueAxis(colours, width, Number(min), Number(max));
  option.yAxis = [
    option.yAxis,
    {
      type: "category",
      inverse: true,
      position: "right",
      data: rows.map((row, place) => `${place}`),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: {
        color: colours.ink, fontSize: 13, fontWeight: 600, interval: 0, formatter: (_, place) => written(rows[place]),
      },
    },
  ];
  option.tooltip.formatter = ({ dataIndex }) => {
    const row = rows[dataIndex];
    if (!row) return "";
    const interval = Number.isFinite(row.low) ? `\n[${write(row.low)} – ${write(row.high)}]` : "";
    return `${row.label}\n${written(row)}${interval}\nn = ${row.n}`;
  };
  option.series = [
    {
      type: "bar",
      barWidth: 16,
      data: rows.map((row) => ({
        value: Number.isFinite(row.value) ? row.value : "-",
        itemStyle: { color: barColour(row, colours), borderRadius: [0, 2, 2, 0] },
      })),
      markLine: { silent: true, animation: false, symbol: ["none", "none"], data: [...whiskers(rows, colours), ...referenceLine(figure, colours, write)] },
    },
  ];
  return { option, height: rows.length * room.row + option.grid.top + option.grid.bottom };
}

function distribution(figure, width) {
  const colours = palette(figure);
  const write = writer(figure);
  const { levels, rows } = readDistribution(figure);
  const shade = (place) => (levels.length === 1 ? 4 : Math.round((place * 4) / (levels.length - 1)));
  const labels = rows.map((row) => row.label);
  const room = roomOf(labels, width, narrow(width) ? 72 : 46);
  const option = frame(colours, width, (narrow(width) ? 24 * levels.length + 6 : 42) + room.above, labels, 20);
  option.xAxis = valueAxis(colours, width, 0, 100);
  option.legend = {
    top: 0, left: 0, orient: narrow(width) ? "vertical" : "horizontal", itemWidth: 14, itemHeight: 14, itemGap: narrow(width) ? 8 : 18, selectedMode: false,
    textStyle: { color: colours.ink, fontFamily: colours.font, fontSize: 13 },
  };
  option.tooltip.formatter = ({ dataIndex, seriesIndex }) => {
    const row = rows[dataIndex];
    return `${row.label}\n${levels[seriesIndex]}: ${write(row.shares[seriesIndex])} %\nn = ${row.n}`;
  };
  option.series = levels.map((level, place) => ({
    type: "bar",
    name: level,
    stack: "shares",
    barWidth: 22,
    data: rows.map((row) => (Number.isFinite(row.shares[place]) ? row.shares[place] : "-")),
    itemStyle: { color: colours.levels[shade(place)], borderColor: forced.matches ? colours.ink : colours.paper, borderWidth: 1 },
    label: {
      show: true,
      color: colours.onLevels[shade(place)],
      fontSize: 12,
      fontWeight: 600,
      formatter: ({ value }) => (value >= (narrow(width) ? 12 : 7) ? write(value) : ""),
    },
  }));
  return { option, height: rows.length * room.row + option.grid.top + option.grid.bottom };
}

const kinds = { intervals, distribution };

function show(figure) {
  const draw = kinds[figure.dataset.chart];
  const place = figure.querySelector(".chart");
  if (!draw || !place || rowsOf(figure).length === 0) return;
  place.hidden = false;
  figure.querySelector("details").open = false;
  const chart = echarts.init(place, null, { renderer: "svg", height: 100 });
  const paint = (width) => {
    const { option, height } = draw(figure, width);
    chart.resize({ width, height });
    place.style.height = `${height}px`;
    chart.setOption(option, true);
  };
  let shown = 0;
  const fit = () => {
    const width = Math.floor(place.clientWidth);
    if (width && width !== shown) paint((shown = width));
  };
  fit();
  new ResizeObserver(fit).observe(place);
  forced.addEventListener("change", () => paint(shown));
  window.addEventListener("beforeprint", () => paint((shown = Math.min(shown, 620))));
  window.addEventListener("afterprint", fit);
}

if (echarts) document.fonts.ready.then(() => document.querySelectorAll("figure[data-chart]").forEach(show));
