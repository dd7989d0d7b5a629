// Charts from JSON in the page: <div data-chart="ID"> draws <script type="application/json" id="ID">.
// All words come from the server: { categories, unit, bars: [{name, values}], lines: [{name, values}],
// stacked, horizontal }. A line with `limit` is dashed: what the others are held against.
// A chart of another kind names it in `kind`, and a script that stands before this one knows it:
// window.likaChartKinds = { upset: (data, element, kit) => option }; the kit holds the colours that all charts share,
// and the kind may set the element's height. What is drawn from data with a `url` opens it by a click.
"use strict";

(function () {
  // Told apart without colour too: their lightness falls step by step.
  const COLOURS = ["#0b5c8a", "#d9a441", "#5b97b9", "#7a4a12", "#9fc3d6", "#0f7b5f", "#e9cf9a", "#34414b", "#b98a5a", "#083f5f"];
  const LINE = "#a33c10", GRID = "#dbe2e8", INK = "#34414b", UNKNOWN = "#ccd4da";
  const TOOLTIP = { renderMode: "richText", confine: true };
  const kit = { colours: COLOURS, grid: GRID, ink: INK, unknown: UNKNOWN, tooltip: TOOLTIP };
  const kinds = window.likaChartKinds || {};

  // What a name with its sign needs below the chart, in pixels: on a telephone the legend takes several rows.
  const NAME = 125, ROW = 20;

  function standard(data, element) {
    const names = { type: "category", data: data.categories, axisLabel: { color: INK }, axisTick: { show: false } };
    const values = {
      type: "value", name: data.unit, nameTextStyle: { color: INK }, axisLabel: { color: INK },
      splitLine: { lineStyle: { color: GRID } },
    };
    const bars = (data.bars || []).map((bar) => ({
      type: "bar", name: bar.name, data: bar.values, stack: data.stacked ? "all" : undefined, barMaxWidth: 44,
    }));
    const lines = (data.lines || []).map((line) => ({
      type: "line", name: line.name, data: line.values, symbol: line.limit ? "none" : "diamond", symbolSize: 8,
      itemStyle: { color: line.limit ? INK : LINE }, lineStyle: { width: 2, type: line.limit ? "dashed" : "solid" },
    }));
    const named = bars.length + lines.length;
    const below = named > 1 ? 20 + ROW * Math.ceil((named * NAME) / element.clientWidth) : 8;
    return {
      tooltip: Object.assign({ trigger: "axis" }, TOOLTIP),
      legend: named > 1 ? { bottom: 0, itemWidth: 12, itemHeight: 8 } : undefined,
      grid: { left: 8, right: 16, top: 32, bottom: below, containLabel: true },
      xAxis: data.horizontal ? values : names,
      yAxis: data.horizontal ? Object.assign({ inverse: true }, names) : values,
      series: bars.concat(lines),
    };
  }

  function draw(element) {
    const data = JSON.parse(document.getElementById(element.dataset.chart).textContent);
    const option = (kinds[data.kind] || standard)(data, element, kit);
    const chart = echarts.init(element, null, { renderer: "svg" });
    chart.setOption({ color: COLOURS, textStyle: { fontFamily: getComputedStyle(document.body).fontFamily }, animation: false, ...option });
    chart.on("click", (params) => {
      if (params.data && params.data.url) window.location.assign(params.data.url);
    });
    window.addEventListener("resize", () => chart.resize());
    element.dataset.drawn = "true";
  }

  document.querySelectorAll("[data-chart]").forEach(draw);
})();
