// Turns the options that came as JSON into what only JavaScript can hold: formatters that print
// ready texts, and places for labels.
(() => {
  "use strict";

  // {"$printed": [...]} becomes a formatter that prints entry i for item i (and entry [i][j] for
  // its dimension j), {"$text": "..."} one that prints this text. ECharts' own string formatters
  // would read {b} or {a|...} inside a random text as a template.
  function revive(key, value) {
    if (value && typeof value === "object" && Array.isArray(value.$printed)) {
      const table = value.$printed;
      return (item) => {
        const entry = table[item.dataIndex];
        const text = Array.isArray(entry) ? entry[item.dimensionIndex] : entry;
        return text === undefined ? "" : text;
      };
    }
    // {"$named": [[place, name], ...]} prints the name of the place that a tick is at.
    if (value && typeof value === "object" && Array.isArray(value.$named)) {
      return (tick) => value.$named.reduce((a, b) => (Math.abs(b[0] - tick) < Math.abs(a[0] - tick) ? b : a))[1];
    }
    if (value && typeof value === "object" && typeof value.$text === "string") {
      return () => value.$text;
    }
    if (value && typeof value === "object" && Array.isArray(value.$moved)) {
      return ({ rect }) => {
        if (!rect) return {};
        const [x, y] = [rect.x + rect.width / 2, rect.y + rect.height / 2];
        const away = (place) => Math.hypot(place[0] - x, place[1] - y);
        const nearest = value.$moved.reduce((a, b) => (away(b) < away(a) ? b : a));
        return { x: nearest[2], y: nearest[3], align: "center", verticalAlign: "middle" };
      };
    }
    if (value && typeof value === "object" && Array.isArray(value.$placed)) {
      return ({ dataIndex }) => {
        const [x, y, rotate] = value.$placed[dataIndex];
        return { x, y, rotate, align: "center", verticalAlign: "middle" };
      };
    }
    if (value && typeof value === "object" && value.$number) {
      const { decimals, thousands, prefix, suffix, unsigned, positive } = value.$number;
      const { decimal, group, groupedFrom, indian } = value.$number;
      // In India, groups above the thousands have two digits.
      const border = indian ? /\B(?=(\d{2})*\d{3}$)/g : /\B(?=(\d{3})+$)/g;
      // On a logarithmic axis each tick has the decimals that it needs.
      const needed = (number) => Math.max(0, -Math.floor(Math.log10(number) + 1e-9));
      return (number) => {
        if (positive && number < 0) return "";
        const digitsAfter = decimals === "needed" ? needed(number) : decimals;
        const [whole, part] = Math.abs(number).toFixed(digitsAfter).split(".");
        const groups = thousands && Math.abs(number) >= groupedFrom;
        const grouped = groups ? whole.replace(border, group) : whole;
        const digits = part === undefined ? grouped : `${grouped}${decimal}${part}`;
        if (!/[1-9]/.test(digits)) {
          // A zero has no power of ten.
          const mark = /^e-?\d+/.exec(suffix);
          return `${prefix}${mark ? "0" : digits}${suffix.slice(mark ? mark[0].length : 0)}`;
        }
        const minus = number < 0 && !unsigned ? "-" : "";
        return `${minus}${prefix}${digits}${suffix}`;
      };
    }
    return value;
  }

  // ECharts writes the figure of every Sankey link into the link's middle, where links cross. Here
  // each is at the end of its link that has room, next to its node.
  function labelLinks(chart) {
    chart.getModel().eachSeriesByType("sankey", (series) => {
      const taken = [];
      const links = series.getData("edge");
      for (let i = 0; i < links.count(); i += 1) {
        const link = links.getItemGraphicEl(i);
        const label = link.getTextContent();
        const { x1, y1, x2, y2, extent } = link.shape;
        const { width, height } = label.getBoundingRect();
        const ends = [
          [x1 + 6 + width / 2, y1 + extent / 2],
          [x2 - 6 - width / 2, y2 + extent / 2],
        ];
        const crowd = ([x, y]) =>
          taken.filter((t) => Math.abs(t[0] - x) < width + 4 && Math.abs(t[1] - y) < height).length;
        const [x, y] = ends.reduce((a, b) => (crowd(b) < crowd(a) ? b : a));
        taken.push([x, y]);
        const host = link.getBoundingRect();
        link.setTextConfig({ position: [x - host.x, y - host.y], inside: true });
        label.setStyle({ align: "center", verticalAlign: "middle" });
      }
    });
  }

  // ECharts writes the figure of a bar of repeated symbols above all symbols, also above those that
  // are cut off. Here it is above the visible part.
  function labelCutBars(chart) {
    chart.getModel().eachSeriesByType("pictorialBar", (series) => {
      series.getData().eachItemGraphicEl((bar) => {
        const clip = bar.__pictorialClipPath;
        if (!clip) return;
        const { y, height } = clip.shape;
        const { y: top } = bar.__pictorialBundle;
        bar.__pictorialBarRect.setShape({ y: y + top, height });
      });
    });
  }

  // The band of a broken axis is above the bars; their figures are above the band.
  const ABOVE_BREAKS = 101;

  function raiseLabels(chart) {
    chart.getModel().eachSeriesByType("bar", (series) => {
      const axis = series.coordinateSystem.getOtherAxis(series.getBaseAxis());
      if (!axis.model.get("breaks")) return;
      series.getData().eachItemGraphicEl((bar) => bar.getTextContent()?.attr({ z: ABOVE_BREAKS }));
    });
  }

  globalThis.vary = { ...globalThis.vary, revive, labelLinks, labelCutBars, raiseLabels };
})();
