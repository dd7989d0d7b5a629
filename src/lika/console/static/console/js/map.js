// The map of an area: outlines, tiles for what has no outline, and villages as points. Data comes as JSON from the
// address in data-map; all words and numbers in it are written by the server.
"use strict";

(function () {
  // One hue from light to dark: told apart by every eye and in grey print; what is not known is hatched.
  const CLASSES = ["#d6e6f4", "#a3c8e6", "#659fd0", "#2d71ae", "#0b3c73"];
  const PLAIN = "#8796a5", INK = "#18242f";
  const NARROW = 560;

  // With few classes the ends of the scale are used, so that they stay far apart.
  function colours(data) {
    const last = Math.max(1, data.legend.length - 1);
    return data.legend.map((_label, i) => CLASSES[Math.round((i * (CLASSES.length - 1)) / last)]);
  }

  function hatch() {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 8;
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, 8, 8);
    pen.strokeStyle = "#9aa7b3";
    pen.lineWidth = 1;
    for (const shift of [-8, 0, 8]) {
      pen.beginPath();
      pen.moveTo(shift, 8);
      pen.lineTo(shift + 8, 0);
      pen.stroke();
    }
    return { image: canvas, repeat: "repeat" };
  }

  function describe(place, words) {
    return [place.name, `${words.title} ${place.text}`].concat(words.criterion ? [words.criterion] : [], place.lines)
      .concat(place.invented ? [words.invented] : []).join("\n");
  }

  // Names of six characters stand in two lines on a tile.
  function inTwo(name) {
    return name.length > 4 ? name.slice(0, Math.ceil(name.length / 2)) + "\n" + name.slice(Math.ceil(name.length / 2)) : name;
  }

  function geo(code, frame, roam) {
    return {
      map: code, roam: roam, ...frame, silent: true, preserveAspect: "contain",
      itemStyle: { areaColor: "#f3f6f8", borderColor: "#7d93a3", borderWidth: 1.2 },
      emphasis: { disabled: true }, label: { show: false },
    };
  }

  function pointSeries(data, width) {
    const scale = Math.min(1, width / 720), shades = colours(data);
    const largest = Math.max(1, ...data.places.map((place) => place.size));
    return {
      type: "scatter", name: data.words.points, coordinateSystem: "geo",
      symbolSize: (value) => (data.places.length === 1 ? 16 : scale * (5 + 11 * Math.sqrt(value[2] / largest))),
      data: data.places.filter((place) => place.position).map((place) => ({
        name: place.name, value: [place.position[0], place.position[1], place.size], place: place,
        itemStyle: {
          color: place.class !== null ? shades[place.class] : place.size ? PLAIN : "#fff",
          borderColor: "#3d4a54", borderWidth: 0.5, opacity: 0.92,
        },
      })),
      label: data.places.length <= 30 && data.closer
        ? { show: true, formatter: "{b}", position: "right", color: INK, fontSize: 12 } : { show: false },
      emphasis: { label: { show: true, formatter: "{b}", position: "top", fontWeight: 600, color: INK }, scale: 1.4 },
      labelLayout: { hideOverlap: true },
    };
  }

  // Outlines and tiles fill the map themselves: a geo component beside them would paint over their colours.
  function areaSeries(data, layer, frame, roam, tiles) {
    const shades = colours(data), unknown = hatch();
    return {
      ...geo(layer.code, frame, roam), type: "map", silent: false, selectedMode: false,
      name: tiles ? data.words.tiles : data.words.title, preserveAspect: tiles ? false : "contain",
      emphasis: { disabled: false, itemStyle: { areaColor: "#f2c14e" }, label: { color: INK, fontWeight: 600 } },
      labelLayout: { hideOverlap: !tiles },
      data: layer.places.map((place) => ({
        name: place.code, value: place.size, place: place,
        itemStyle: {
          areaColor: place.class === null ? unknown : shades[place.class],
          borderColor: tiles ? "#5d7487" : place.class === null ? "#9aa7b3" : "#fff", borderWidth: tiles ? 1 : 0.6,
        },
        label: {
          show: true, formatter: `${tiles ? inTwo(place.name) : place.name}\n${place.text}`, fontSize: 11, lineHeight: 14,
          color: place.class !== null && CLASSES.indexOf(shades[place.class]) > 2 ? "#fff" : INK,
        },
      })),
    };
  }

  // A county: its tiles beside its outline with the villages; one above the other where the screen is narrow.
  function frames(data, width) {
    const whole = { top: 12, bottom: 12, left: 12, right: 12 };
    if (!data.tiles) return { main: whole };
    return width < NARROW
      ? { tiles: { ...whole, bottom: "52%" }, main: { ...whole, top: "54%" } }
      : { tiles: { ...whole, right: "51%" }, main: { ...whole, left: "52%" } };
  }

  function option(data, roam, width) {
    const areas = data.kind === "areas", frame = frames(data, width);
    const series = [areas ? areaSeries(data, data, frame.main, roam, false) : pointSeries(data, width)];
    if (data.tiles) series.push(areaSeries(data, data.tiles, frame.tiles, false, true));
    return {
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      tooltip: {
        renderMode: "richText", confine: true,
        formatter: (params) => (params.data && params.data.place ? describe(params.data.place, data.words) : ""),
      },
      geo: areas ? undefined : geo(data.code, frame.main, roam),
      series: series,
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

  function swatch(colour) {
    const space = "http://www.w3.org/2000/svg";
    const picture = document.createElementNS(space, "svg");
    for (const [name, value] of [["width", 16], ["height", 12], ["aria-hidden", "true"]]) picture.setAttribute(name, value);
    const shapes = [["rect", { x: 0.5, y: 0.5, width: 15, height: 11, fill: colour || "#fff", stroke: "#5d7487" }]];
    if (!colour) shapes.push(["path", { d: "M1 11L11 1M6 11L15 2M1 6L6 1", stroke: "#9aa7b3", fill: "none" }]);
    for (const [kind, attributes] of shapes) {
      const shape = document.createElementNS(space, kind);
      for (const [name, value] of Object.entries(attributes)) shape.setAttribute(name, value);
      picture.append(shape);
    }
    return picture;
  }

  function legend(element, data) {
    const shades = colours(data);
    const drawn = data.tiles ? data.tiles.places : data.places;
    const lines = data.legend.map((label, i) => [shades[i], label]);
    if (drawn.some((place) => place.class === null)) lines.push(["", data.words.nothing]);
    for (const target of document.querySelectorAll(`[data-legend-for="${element.id}"]`)) {
      target.textContent = data.words.title;
      for (const [colour, label] of lines) {
        const line = document.createElement("span");
        line.append(swatch(colour), " ", label);
        target.append(line);
      }
    }
  }

  function draw(element, data) {
    echarts.registerMap(data.code, data.outline);
    if (data.tiles) echarts.registerMap(data.tiles.code, data.tiles.outline);
    // Tiles and outline stand one above the other on a telephone and need the room of both.
    if (data.tiles && element.clientWidth < NARROW) element.style.height = "42rem";
    const chart = echarts.init(element, null, { renderer: "canvas" });
    // Dragging must not swallow the scrolling of a page on a telephone.
    const roam = window.matchMedia("(pointer: fine)").matches ? "move" : false;
    chart.setOption(option(data, roam, element.clientWidth));
    focusOn(chart, data);
    wireZoom(element, chart, data);
    legend(element, data);
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
