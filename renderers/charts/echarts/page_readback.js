// Reads a drawn chart back: every text with its role and its ink box, the marks, the value axes,
// the pixels.
//
// ECharts is asked, not guessed: an element's role follows from the component or series whose view
// it belongs to, and from the id that our options gave to that component.
(() => {
  "use strict";

  const ruler = document.createElement("canvas").getContext("2d");

  function measure(font, texts) {
    ruler.font = font;
    return texts.map((text) => ruler.measureText(text).width);
  }

  // Which view (component or series) each group belongs to.
  function owners(chart) {
    const found = new Map();
    for (const view of [...chart._componentsViews, ...chart._chartsViews]) {
      found.set(view.group, { model: view.__model, view });
    }
    return found;
  }

  function ownerOf(element, found) {
    for (let at = element; at; at = at.parent || at.__hostTarget) {
      if (found.has(at)) return found.get(at);
    }
    return null;
  }

  // ECharts keeps the data index and type of an element under a private key.
  function dataOf(element) {
    for (let at = element; at; at = at.__hostTarget || at.parent) {
      for (const key of Object.keys(at)) {
        if (key.startsWith("__ec_inner_") && at[key] && at[key].seriesIndex !== undefined) return at[key];
      }
    }
    return {};
  }

  function roleOf(text, owner, roles) {
    if (!owner) return "note";
    const { model, view } = owner;
    const kind = model.mainType;
    if (kind === "series") {
      const role = roles[model.id] || roles[model.subType] || "value";
      if (typeof role === "string") return role;
      const data = dataOf(text);
      if (role.by === "type") return data.dataType === "edge" ? role.edge : role.node;
      if (role.by === "leaf") {
        const node = model.getData().tree.getNodeByDataIndex(data.dataIndex);
        return node && node.children.length === 0 ? role.leaf : role.inner;
      }
      if (role.by === "gauge") return gaugeRole(text, view);
      return "value";
    }
    if (kind === "title") return model.id.split(":")[0];
    if (kind === "legend") return "legend";
    if (kind === "radar") return text.anid === "name" ? "category" : "y_tick";
    if (kind === "parallelAxis") return text.anid === "name" ? "category" : "y_tick";
    if (/axis$/i.test(kind)) return text.anid === "name" ? `${model.id}_title` : `${model.id}_tick`;
    return roles[kind] || "note";
  }

  // The gauge keeps its title and its figure apart from the labels of its scale.
  function gaugeRole(text, view) {
    if (view._titleEls.includes(text)) return "category";
    return view._detailEls.includes(text) ? "value" : "y_tick";
  }

  // The item of a series whose text this is.
  function itemOf(text, owner) {
    if (!owner || owner.model.mainType !== "series") return null;
    const { dataIndex, dataType } = dataOf(text);
    const host = text.__hostTarget;
    const item = { series: owner.model.id, index: dataIndex === undefined ? 0 : dataIndex };
    if (dataType === "edge") item.edge = true;
    if (host && host.__dimIdx !== undefined) item.part = host.__dimIdx;
    item.joined = Boolean(host && host.getTextGuideLine && shownLine(host.getTextGuideLine()));
    return item;
  }

  const shownLine = (line) => line && !line.ignore && !line.invisible && line.style.lineWidth > 0;

  // The plate behind a text, or null.
  function plateOf(text) {
    if (text.type !== "text" || !text.style.backgroundColor) return null;
    const rect = text.getBoundingRect();
    return corners(text.getComputedTransform(), rect.x, rect.y, rect.x + rect.width, rect.y + rect.height);
  }

  function corners(matrix, x0, y0, x1, y1) {
    const xs = [];
    const ys = [];
    for (const [x, y] of [[x0, y0], [x1, y0], [x1, y1], [x0, y1]]) {
      xs.push(matrix ? matrix[0] * x + matrix[2] * y + matrix[4] : x);
      ys.push(matrix ? matrix[1] * x + matrix[3] * y + matrix[5] : y);
    }
    return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  }

  const union = (a, b) =>
    a ? [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])] : b;

  // The display list leaves out what is ignored; what is fully transparent is still in it.
  function hidden(element) {
    return element.invisible || element.style.opacity === 0 || element.style.fill === "none";
  }

  // A word is a run of Latin characters, or of characters that are all as wide as they are high.
  const WORD = /[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60\u3000-\u303f]+|[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60\u3000-\u303f]+/gu;

  function inkOf(span) {
    const style = span.style;
    ruler.font = style.font || "12px sans-serif";
    ruler.textAlign = style.textAlign || "left";
    ruler.textBaseline = style.textBaseline || "alphabetic";
    const ink = ruler.measureText(style.text);
    const x = style.x || 0;
    const y = style.y || 0;
    const box = [
      x - ink.actualBoundingBoxLeft,
      y - ink.actualBoundingBoxAscent,
      x + ink.actualBoundingBoxRight,
      y + ink.actualBoundingBoxDescent,
    ];
    const left = { left: x, start: x, center: x - ink.width / 2 }[ruler.textAlign];
    return { box, left: left === undefined ? x - ink.width : left };
  }

  function wordsOf(span, ink) {
    if (globalThis.vary.isRightToLeft(span.style.text)) {
      const places = globalThis.vary.wordsFromRight(span.style.text, ruler.font, WORD);
      return places.map(({ text, from, to }) => ({
        text,
        box: [ink.left + from, ink.box[1], ink.left + to, ink.box[3]],
      }));
    }
    ruler.textAlign = "left";
    const words = [];
    for (const match of span.style.text.matchAll(WORD)) {
      const from = ink.left + ruler.measureText(span.style.text.slice(0, match.index)).width;
      const to = from + ruler.measureText(match[0]).width;
      words.push({ text: match[0], box: [from, ink.box[1], to, ink.box[3]] });
    }
    return words;
  }

  function readTexts(list, found, roles) {
    const texts = new Map();
    list.forEach((element) => {
      if (element.type !== "tspan" || !element.style.text || hidden(element)) return;
      const text = element.parent && element.parent.type === "text" ? element.parent : element;
      const matrix = element.getComputedTransform();
      const ink = inkOf(element);
      const box = corners(matrix, ...ink.box);
      let entry = texts.get(text);
      if (!entry) {
        const angle = matrix ? (-Math.atan2(matrix[1], matrix[0]) * 180) / Math.PI : 0;
        const size = parseFloat(/([\d.]+)px/.exec(element.style.font)[1]);
        const scale = matrix ? Math.hypot(matrix[0], matrix[1]) : 1;
        entry = { lines: [], box: null, angle, size: size * scale, fill: element.style.fill, words: [] };
        const owner = ownerOf(text, found);
        // The text of an annotation, or a text around the plot.
        entry.shows = text.__shows;
        entry.title = owner && owner.model.mainType === "title" ? owner.model.id : null;
        entry.role = roleOf(text, owner, roles);
        entry.item = itemOf(text, owner);
        entry.plate = plateOf(text);
        entry.clip = clipOf(element);
        texts.set(text, entry);
      }
      const upright = Math.abs(entry.angle) < 0.5;
      entry.lines.push([upright ? box[1] : entry.lines.length, element.style.text]);
      entry.box = union(entry.box, box);
      if (upright) {
        for (const word of wordsOf(element, ink)) {
          entry.words.push({ text: word.text, box: corners(matrix, ...word.box) });
        }
      }
    });
    return [...texts.values()].map((entry) => {
      const { lines, ...rest } = entry;
      return { ...rest, text: lines.sort((a, b) => a[0] - b[0]).map((line) => line[1]).join("\n") };
    });
  }

  // The rectangle beyond which an element is not drawn, or null.
  function clipOf(element) {
    const paths = element.__clipPaths;
    if (!paths || !paths.length) return null;
    let box = null;
    for (const path of paths) {
      const rect = path.getBoundingRect();
      const here = corners(path.getComputedTransform(), rect.x, rect.y, rect.x + rect.width, rect.y + rect.height);
      box = box
        ? [Math.max(box[0], here[0]), Math.max(box[1], here[1]), Math.min(box[2], here[2]), Math.min(box[3], here[3])]
        : here;
    }
    return box;
  }

  // How many things each series has drawn: ECharts draws nothing for a series that it does not
  // know, without an error.
  function countDrawn(chart, list, found) {
    const counts = {};
    chart.getModel().eachSeries((series) => (counts[series.id] = 0));
    for (const element of list) {
      const owner = element.type === "tspan" ? null : ownerOf(element, found);
      if (owner && owner.model.mainType === "series") counts[owner.model.id] += 1;
    }
    return counts;
  }

  // Where an axis begins on the canvas, and whether its values grow to the left or upwards.
  function placeOf(component, axis, low, high) {
    if (component.mainType === "parallelAxis") {
      const model = component.ecModel.getComponent("parallel");
      const ends = [low, high].map((v) => model.coordinateSystem.dataToPoint(v, component.get("dim") === undefined ? axis.dim : `dim${component.get("dim")}`)[1]);
      return { start: ends[0], reverse: ends[1] < ends[0] };
    }
    if (!axis.toGlobalCoord) return { start: 0, reverse: false };
    const [start, end] = [low, high].map((v) => axis.toGlobalCoord(axis.dataToCoord(v)));
    return { start, reverse: end < start };
  }

  // The scale of a gauge, as long as its outer edge.
  function gaugeScale(series) {
    const [low, high] = [series.get("min"), series.get("max")];
    const turn = (Math.abs(series.get("endAngle") - series.get("startAngle")) * Math.PI) / 180;
    const tick = (high - low) / series.get("splitNumber");
    return { low, high, pixels: turn * series.get("radius"), tick, start: 0, reverse: false };
  }

  function readFrame(chart) {
    const model = chart.getModel();
    const scales = {};
    const plots = [];
    model.eachComponent((kind, component) => {
      if (kind === "grid" && component.coordinateSystem) {
        const rect = component.coordinateSystem.getRect();
        plots.push([rect.x, rect.y, rect.x + rect.width, rect.y + rect.height]);
      }
      if (kind === "radar") {
        const [first] = component.coordinateSystem.getIndicatorAxes();
        const [low, high] = first.scale.getExtent();
        const { cx, cy, r } = component.coordinateSystem;
        const tick = first.scale.getTicks()[1].value - low;
        scales.y = { low, high, pixels: r, tick, start: 0, reverse: false, center: [cx, cy] };
      }
      const axis = component.axis;
      if (axis && axis.scale && axis.type !== "category" && /axis$/i.test(kind)) {
        const [low, high] = axis.scale.getExtent();
        const [from, to] = axis.getExtent();
        const ticks = axis.scale.getTicks().map((t) => t.value);
        const scale = { low, high, pixels: Math.abs(to - from), tick: ticks.length > 1 ? ticks[1] - ticks[0] : 0 };
        if (axis.type === "log") scale.ticks = ticks;
        scales[component.id] = { ...scale, ...placeOf(component, axis, low, high) };
      }
    });
    model.eachSeriesByType("gauge", (series) => (scales.gauge = gaugeScale(series)));
    return { scales, plots };
  }

  // Runs of equal pixels: charts are flat, so this is many times shorter than the pixels and
  // hundreds of times quicker than PNG. Layout: counts (uint16), then red, green, blue (bytes).
  function readPixels(canvas) {
    const { width, height } = canvas;
    const image = canvas.getContext("2d").getImageData(0, 0, width, height);
    const pixels = new Uint32Array(image.data.buffer);
    const total = pixels.length;
    const counts = new Uint16Array(total);
    const colors = new Uint32Array(total);
    let runs = 0;
    for (let at = 0; at < total; runs += 1) {
      const color = pixels[at];
      const stop = Math.min(total, at + 65535);
      const start = at;
      do at += 1;
      while (at < stop && pixels[at] === color);
      counts[runs] = at - start;
      colors[runs] = color;
    }
    const bytes = new Uint8Array(runs * 5);
    bytes.set(new Uint8Array(counts.buffer, 0, runs * 2));
    for (let i = 0; i < runs; i += 1) {
      const color = colors[i];
      bytes[runs * 2 + i] = color & 255;
      bytes[runs * 3 + i] = (color >>> 8) & 255;
      bytes[runs * 4 + i] = (color >>> 16) & 255;
    }
    return { width, height, runs, data: toBase64(bytes) };
  }

  function toBase64(bytes) {
    if (bytes.toBase64) return bytes.toBase64();
    const parts = [];
    for (let at = 0; at < bytes.length; at += 32768) {
      parts.push(String.fromCharCode.apply(null, bytes.subarray(at, at + 32768)));
    }
    return btoa(parts.join(""));
  }

  // The bands of broken axes, whose outer corners are jagged: their corners, by the axis.
  function readBreaks(list, found) {
    const breaks = {};
    for (const element of list) {
      if (!/^break_c_/.test(element.anid || "")) continue;
      breaks[ownerOf(element, found).model.id] = element.shape.points;
    }
    return breaks;
  }

  // Everything of a chart on this canvas; `roles` and `marks` as in the request, `added` the elements
  // of annotations. Without `painted`, all but the pixels.
  function readBack(chart, canvas, { roles, marks }, added, painted) {
    const { readMarks, readLines, readShapes } = globalThis.vary;
    const list = chart.getZr().storage.getDisplayList(true);
    const found = owners(chart);
    return {
      texts: readTexts(list, found, roles),
      marks: readMarks(chart, marks),
      lines: readLines(chart, marks),
      ...readFrame(chart),
      breaks: readBreaks(list, found),
      drawn: countDrawn(chart, list, found),
      shapes: readShapes(added),
      picture: painted ? readPixels(canvas) : null,
    };
  }

  globalThis.vary = { ...globalThis.vary, measure, readBack };
})();
