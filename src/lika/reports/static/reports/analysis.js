// The kinds of chart that only the analysis page draws: long bars, combinations of measures, areas and points on the
// map. console/js/charts.js puts them on the page and opens what is clicked. All words are the server's.
"use strict";

(function () {
  const LIGHT = [222, 236, 244], DARK = [8, 63, 95], HELD = "#1b2730";

  function words(data) {
    return (value) => {
      if (value === null || value === undefined) return "—";
      if (data.share) return (value * 100).toFixed(1) + "%";
      return value.toLocaleString("en", { minimumFractionDigits: data.places || 0, maximumFractionDigits: data.places || 0 });
    };
  }

  // A share ends at 100 %; there is no half a household.
  function steps(data) {
    if (!data.share) return { minInterval: data.places ? undefined : 1 };
    return { max: (values) => (data.stacked || values.max > 0.8 ? 1 : null) };
  }

  // Bars that lie on their side: the names of groups are long.
  function bars(data, element, kit) {
    const many = data.series.length > 1;
    element.style.height = Math.max(240, 90 + data.categories.length * (many && !data.stacked ? 12 * data.series.length + 10 : 26)) + "px";
    return {
      tooltip: { ...kit.tooltip, trigger: "axis", axisPointer: { type: "shadow" }, valueFormatter: words(data) },
      legend: many ? { top: 0, type: "plain", itemWidth: 12, itemHeight: 8 } : undefined,
      grid: { left: 8, right: 56, top: many ? 24 + 22 * Math.ceil(data.series.length / 5) : 8, bottom: 8, containLabel: true },
      xAxis: { type: "value", ...steps(data), axisLabel: { formatter: words(data), hideOverlap: true }, splitNumber: 4, splitLine: { lineStyle: { color: kit.grid } } },
      yAxis: { type: "category", inverse: true, data: data.categories, axisLabel: { width: 150, overflow: "truncate" }, axisTick: { show: false } },
      series: data.series.map((one, index) => ({
        type: "bar", name: one.name, stack: data.stacked ? "all" : undefined, barMaxWidth: 22,
        itemStyle: { color: one.unknown ? kit.unknown : kit.colours[index % kit.colours.length] },
        data: one.values.map((value, row) => ({ value: value, url: one.urls[row] })),
        label: many ? undefined : { show: true, position: "right", formatter: (params) => words(data)(params.value) },
      })),
    };
  }

  // UpSet: combinations as columns, their size above, the measures that they hold as dots below.
  function upset(data, element, kit) {
    const order = data.sets.map((_set, index) => index).sort((a, b) => data.sets[a].total - data.sets[b].total);
    const rows = order.map((index) => data.sets[index]);
    const place = new Map(order.map((index, row) => [index, row]));
    const dots = [], empty = [], lines = [];
    data.combinations.forEach((one, column) => {
      const held = one.members.map((member) => place.get(member)).sort((a, b) => a - b);
      rows.forEach((_row, row) => (held.includes(row) ? dots : empty).push([column, row]));
      if (held.length > 1) lines.push({ coords: [[column, held[0]], [column, held[held.length - 1]]] });
    });
    const columns = data.combinations.map((_one, index) => index);
    element.style.height = 260 + 28 * rows.length + "px";
    const left = element.clientWidth < 600 ? 150 : 260, foot = 28 * rows.length + 8;
    return {
      tooltip: kit.tooltip,
      grid: [{ left: left, right: 12, top: 24, bottom: foot + 8 }, { left: left, right: 12, height: foot - 8, bottom: 8 }],
      xAxis: [
        { type: "category", data: columns, gridIndex: 0, axisLabel: { show: false }, axisTick: { show: false } },
        { type: "category", data: columns, gridIndex: 1, show: false },
      ],
      yAxis: [
        { type: "value", gridIndex: 0, minInterval: 1, name: data.words.units, splitLine: { lineStyle: { color: kit.grid } } },
        {
          type: "category", gridIndex: 1, data: rows.map((row) => `${row.name}  ${row.total.toLocaleString("en")}`),
          axisLine: { show: false }, axisTick: { show: false }, axisLabel: { width: left - 16, overflow: "truncate" },
        },
      ],
      series: [
        {
          type: "bar", name: data.words.units, barMaxWidth: 26, itemStyle: { color: kit.colours[0] }, label: { show: columns.length <= 16, position: "top", fontSize: 11 },
          data: data.combinations.map((one) => ({ value: one.value, url: one.url })),
          tooltip: { formatter: (params) => named(data, params.dataIndex) },
        },
        { type: "scatter", name: "empty", xAxisIndex: 1, yAxisIndex: 1, data: empty, symbolSize: 9, silent: true, itemStyle: { color: "#e1e7ec" } },
        {
          type: "custom", name: "joined", xAxisIndex: 1, yAxisIndex: 1, silent: true, data: lines.map((line) => [...line.coords[0], line.coords[1][1]]),
          renderItem: (_params, api) => {
            const low = api.coord([api.value(0), api.value(1)]), high = api.coord([api.value(0), api.value(2)]);
            return { type: "line", shape: { x1: low[0], y1: low[1], x2: high[0], y2: high[1] }, style: { stroke: HELD, lineWidth: 2 } };
          },
        },
        { type: "scatter", name: "member", xAxisIndex: 1, yAxisIndex: 1, data: dots, symbolSize: 10, silent: true, itemStyle: { color: HELD } },
      ],
    };
  }

  function named(data, index) {
    const one = data.combinations[index];
    return one.members.map((member) => data.sets[member].name).concat(one.value.toLocaleString("en")).join("\n");
  }

  function shade(data, value, kit) {
    if (value === null) return kit.unknown;
    const part = data.high > data.low ? (value - data.low) / (data.high - data.low) : 0.6;
    return "#" + LIGHT.map((from, i) => Math.round(from + (DARK[i] - from) * part).toString(16).padStart(2, "0")).join("");
  }

  function map(data, _element, kit) {
    echarts.registerMap(data.code, data.outline);
    const shape = { map: data.code, top: 12, bottom: 12, left: 12, right: 12, label: { show: false }, emphasis: { disabled: true } };
    const tooltip = { ...kit.tooltip, formatter: (params) => (params.data ? `${params.data.place.name}\n${params.data.place.shown}` : "") };
    if (data.kind === "areas") {
      const areas = data.places.map((place) => ({ name: place.code, place: place, url: place.url, itemStyle: { areaColor: shade(data, place.value, kit) } }));
      return { tooltip: tooltip, series: [{ ...shape, type: "map", name: "areas", data: areas }] };
    }
    const largest = Math.max(1, ...data.places.map((place) => place.size));
    const points = data.places.map((place) => ({
      name: place.name, value: [...place.position, place.size], place: place, url: place.url,
      itemStyle: { color: shade(data, place.value, kit), borderColor: "#3d4a54", borderWidth: 0.7 },
    }));
    return {
      tooltip: tooltip,
      geo: { ...shape, silent: true, itemStyle: { areaColor: "#f3f6f8", borderColor: "#7d93a3" } },
      series: [{
        type: "scatter", name: "points", coordinateSystem: "geo", data: points,
        symbolSize: (value) => (points.length > 60 ? 4 : 8) + (points.length > 60 ? 10 : 26) * Math.sqrt(value[2] / largest),
        label: points.length <= 40 ? { show: true, formatter: "{b}", position: "right", fontSize: 12, color: HELD } : { show: false },
        labelLayout: { hideOverlap: true },
      }],
    };
  }

  window.likaChartKinds = { bars: bars, upset: upset, areas: map, points: map };
})();
