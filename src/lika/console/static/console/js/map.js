// The map of an area: outlines, and villages as points coloured by a share. Data comes as JSON from the
// address in data-map; all words in it are translated by the server.
"use strict";

(function () {
  const LOW = "#b4491b", MIDDLE = "#e3b23c", HIGH = "#0f7b5f", NOTHING = "#8a96a3";

  function colour(share) {
    if (share === null) return NOTHING;
    const mix = (a, b, t) => "#" + [1, 3, 5].map((i) => {
      const from = parseInt(a.slice(i, i + 2), 16), to = parseInt(b.slice(i, i + 2), 16);
      return Math.round(from + (to - from) * t).toString(16).padStart(2, "0");
    }).join("");
    return share < 0.5 ? mix(LOW, MIDDLE, share * 2) : mix(MIDDLE, HIGH, share * 2 - 1);
  }

  function describe(place, words) {
    return [place.name].concat(place.lines).concat(place.invented ? [words.invented] : []).join("\n");
  }

  function geo(data, roam) {
    return {
      map: data.code, roam: roam, top: 12, bottom: 12, left: 12, right: 12, silent: true,
      itemStyle: { areaColor: "#eef3f6", borderColor: "#7d93a3", borderWidth: 1.2 },
      emphasis: { disabled: true }, label: { show: false },
    };
  }

  function pointSeries(data, width) {
    const scale = Math.min(1, width / 720);
    const largest = Math.max(1, ...data.places.map((place) => place.size));
    return {
      type: "scatter", name: data.words.title, coordinateSystem: "geo",
      symbolSize: (value) => (data.places.length === 1 ? 16 : scale * (5 + 11 * Math.sqrt(value[2] / largest))),
      data: data.places.filter((place) => place.position).map((place) => ({
        name: place.name, value: [place.position[0], place.position[1], place.size], place: place,
        itemStyle: { color: colour(place.share), borderColor: "#3d4a54", borderWidth: 0.5, opacity: 0.92 },
      })),
      label: data.places.length <= 12
        ? { show: true, formatter: "{b}", position: "right", color: "#26323b", fontSize: 12 } : { show: false },
      emphasis: { label: { show: true, formatter: "{b}", position: "top", fontWeight: 600, color: "#14212b" }, scale: 1.4 },
      labelLayout: { hideOverlap: true },
    };
  }

  // Counties fill the map itself: a geo component beside it would paint over their colours.
  function areaSeries(data, roam) {
    return {
      ...geo(data, roam), type: "map", name: data.words.title, silent: false,
      data: data.places.map((place) => ({
        name: place.code, value: place.size, place: place, itemStyle: { areaColor: place.size ? colour(place.share) : "#eef3f6" },
      })),
    };
  }

  function option(data, roam, width) {
    const areas = data.kind === "areas";
    return {
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      tooltip: {
        renderMode: "richText", confine: true,
        formatter: (params) => (params.data && params.data.place ? describe(params.data.place, data.words) : ""),
      },
      geo: areas ? undefined : geo(data, roam),
      series: [areas ? areaSeries(data, roam) : pointSeries(data, width)],
      animation: false,
    };
  }

  // A township fills the picture: the middle of its points, and a zoom that holds them.
  function focusOn(chart, data) {
    const here = data.places.filter((place) => place.position).map((place) => place.position);
    if (!data.closer || here.length < 2) return;
    const xs = here.map((p) => p[0]), ys = here.map((p) => p[1]);
    const middle = [(Math.min(...xs) + Math.max(...xs)) / 2, (Math.min(...ys) + Math.max(...ys)) / 2];
    chart.setOption({ geo: { center: middle, zoom: 3 } });
  }

  function wireZoom(element, chart, data) {
    const areas = data.kind === "areas";
    let zoom = (areas ? chart.getOption().series[0] : chart.getOption().geo[0]).zoom || 1;
    for (const button of document.querySelectorAll(`[data-zoom-for="${element.id}"]`)) {
      button.addEventListener("click", () => {
        zoom = Math.min(12, Math.max(1, zoom * parseFloat(button.dataset.zoom)));
        chart.setOption(areas ? { series: [{ zoom: zoom }] } : { geo: { zoom: zoom } });
      });
    }
  }

  function draw(element, data) {
    echarts.registerMap(data.code, data.outline);
    const chart = echarts.init(element, null, { renderer: "canvas" });
    // Dragging must not swallow the scrolling of a page on a telephone.
    const roam = window.matchMedia("(pointer: fine)").matches ? "move" : false;
    chart.setOption(option(data, roam, element.clientWidth));
    focusOn(chart, data);
    wireZoom(element, chart, data);
    chart.on("click", (params) => {
      if (params.data && params.data.place && params.data.place.url) window.location.assign(params.data.place.url);
    });
    window.addEventListener("resize", () => chart.resize());
    const invented = data.places.some((place) => place.invented);
    for (const note of document.querySelectorAll(`[data-invented-for="${element.id}"]`)) note.hidden = !invented;
    element.dataset.drawn = String(data.places.length);
  }

  async function load(element) {
    const answer = await fetch(element.dataset.map, { headers: { Accept: "application/json" } });
    if (!answer.ok) {
      element.textContent = element.dataset.failed;
      return;
    }
    draw(element, await answer.json());
  }

  document.querySelectorAll("[data-map]").forEach(load);
})();
