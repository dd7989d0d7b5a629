// Charts from JSON in the page: <div data-chart="ID"> draws <script type="application/json" id="ID">.
// The JSON names its series and axis; all words in it are translated by the server.
"use strict";

(function () {
  const COLOURS = ["#0b5c8a", "#4f9bbf", "#d9a441", "#0f7b5f", "#9aa7b2"];

  // Bars that stack, one for each year, and lines over them.
  function option(data) {
    return {
      color: COLOURS,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      tooltip: { trigger: "axis", renderMode: "richText", confine: true },
      legend: { bottom: 0, itemWidth: 12, itemHeight: 8 },
      grid: { left: 8, right: 8, top: 32, bottom: 40, containLabel: true },
      xAxis: { type: "category", data: data.years },
      yAxis: { type: "value", name: data.unit, splitLine: { lineStyle: { color: "#e8ecef" } } },
      series: data.bars
        .map((bar) => ({ type: "bar", name: bar.name, data: bar.values, stack: "all", barMaxWidth: 44 }))
        .concat(data.lines.map((line) => ({
          type: "line", name: line.name, data: line.values, symbolSize: 7, itemStyle: { color: "#b4491b" },
        }))),
      animation: false,
    };
  }

  function draw(element) {
    const data = JSON.parse(document.getElementById(element.dataset.chart).textContent);
    const chart = echarts.init(element, null, { renderer: "svg" });
    chart.setOption(option(data));
    window.addEventListener("resize", () => chart.resize());
  }

  document.querySelectorAll("[data-chart]").forEach(draw);
})();
