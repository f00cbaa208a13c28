// Reads the marks of a chart back: for each item of a series the geometry that was drawn for it,
// and the lines that join items. Nothing is computed from the data here.
(() => {
  "use strict";

  const COMMANDS = { move: 1, line: 2, cubic: 3, quadratic: 4, close: 6 };
  const CURVE_PARTS = 8;
  const ROUND = new Set(["scatter", "effectScatter", "line", "graph"]);

  const place = (matrix, x, y) =>
    matrix ? [matrix[0] * x + matrix[2] * y + matrix[4], matrix[1] * x + matrix[3] * y + matrix[5]] : [x, y];

  // What an element draws, texts apart.
  function shapesOf(element) {
    if (element.isGroup) return element.children().flatMap(shapesOf);
    return element.type === "text" || element.type === "tspan" || element.ignore || unseen(element.style) ? [] : [element];
  }

  // ECharts hangs labels on shapes that are not painted.
  const unseen = ({ fill, stroke, lineWidth }) => fill === "transparent" && (stroke === "transparent" || !lineWidth);

  function boxOf(shape) {
    const { x, y, width, height } = shape.getBoundingRect();
    const matrix = shape.getComputedTransform();
    const corners = [[x, y], [x + width, y], [x, y + height], [x + width, y + height]].map(([u, v]) => place(matrix, u, v));
    const xs = corners.map((c) => c[0]);
    const ys = corners.map((c) => c[1]);
    return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  }

  const union = (a, b) =>
    a ? [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])] : b;
  const common = (a, b) => [Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.min(a[3], b[3])];

  // Of a group of symbols only those within a clip path are seen.
  const visibleBox = (shape) => (shape.__clipPaths || []).map(boxOf).reduce(common, boxOf(shape));

  // Corners come as pairs, or flat in lines.
  function pairs(points) {
    if (!points.length || points[0].length) return [...points];
    return Array.from({ length: points.length / 2 }, (_, i) => [points[2 * i], points[2 * i + 1]]);
  }

  function pointsOf(shape) {
    const points = shape.shape && shape.shape.points;
    if (!points) return null;
    const matrix = shape.getComputedTransform();
    return pairs(points).map(([x, y]) => place(matrix, x, y));
  }

  // Angles as ECharts has them: clockwise as seen.
  function sectorOf(shape) {
    const { cx, cy, r0, r, startAngle, endAngle } = shape.shape || {};
    if (startAngle === undefined || r === undefined) return null;
    const center = place(shape.getComputedTransform(), cx, cy);
    return [...center, r0 || 0, r, Math.min(startAngle, endAngle), Math.max(startAngle, endAngle)];
  }

  // The mark of one item. Its first shape decides about everything but the box.
  function markOf(series, index, element, more = {}) {
    const shapes = shapesOf(element);
    if (!shapes.length) return [];
    // Ripples grow around a symbol: they are no part of it.
    const box = (series.subType === "effectScatter" ? shapes.slice(0, 1) : shapes).map(visibleBox).reduce(union, null);
    const [first] = shapes;
    const { fill, stroke, lineWidth } = first.style;
    // An empty symbol is filled with the background.
    const filled = typeof fill === "string" && fill !== "none" && !first.__isEmptyBrush;
    const color = filled ? fill : stroke;
    return [
      {
        series: series.id,
        index,
        box,
        points: pointsOf(first),
        sector: sectorOf(first),
        color: typeof color === "string" ? color : "",
        stroke: lineWidth || 0,
        round: ROUND.has(series.subType),
        ...more,
      },
    ];
  }

  function itemMarks(series, data, more) {
    const found = [];
    for (let i = 0; i < data.count(); i += 1) {
      const element = data.getItemGraphicEl(i);
      if (element) found.push(...markOf(series, i, element, more));
    }
    return found;
  }

  // The two ends of a link of a Sankey diagram, and how thick it is.
  function sankeyLinks(series) {
    const data = series.getData("edge");
    return itemMarks(series, data, { edge: true, round: false }).map((mark) => {
      const { x1, y1, x2, y2, extent } = data.getItemGraphicEl(mark.index).shape;
      return { ...mark, points: [[x1, y1], [x2, y2]], stroke: extent };
    });
  }

  // A node is as thick as what flows through it; a link of a graph is drawn by its line.
  function graphLinks(series) {
    const data = series.getData("edge");
    return itemMarks(series, data, { edge: true, round: false });
  }

  // One mark for each time of each layer: the two edges of the river there.
  function riverMarks(series, view) {
    return view._layersSeries.flatMap((layer, number) => {
      const [shape] = shapesOf(view._layers[number]);
      const matrix = shape.getComputedTransform();
      const edges = [shape.shape.points, shape.shape.stackedOnPoints].map((edge) =>
        pairs(edge).map(([x, y]) => place(matrix, x, y)),
      );
      return edges[0].map((low, i) => {
        const points = [low, edges[1][i]];
        const [x, ys] = [low[0], points.map((p) => p[1])];
        const box = [x - 2, Math.min(...ys), x + 2, Math.max(...ys)];
        const item = { series: series.id, index: layer.indices[i], layer: layer.name, time: i };
        return { ...item, box, points, sector: null, color: shape.style.fill, stroke: 0, round: false };
      });
    });
  }

  // The corners of a radar's polygon, one for each spoke.
  function radarMarks(series) {
    const found = [];
    series.getData().eachItemGraphicEl((group, index) => {
      const symbols = group.childAt(2).children();
      for (const symbol of symbols) {
        found.push(...markOf(series, index, symbol, { part: symbol.__dimIdx, round: true, points: null }));
      }
    });
    return found;
  }

  // One corner of a line of parallel coordinates on each axis.
  function parallelMarks(series) {
    return itemMarks(series, series.getData()).flatMap((mark) =>
      mark.points.map(([x, y], part) => ({ ...mark, part, points: [[x, y]], box: [x - 3, y - 3, x + 3, y + 3] })),
    );
  }

  const gaugeMarks = (series, view) =>
    view._progressEls.flatMap((element, index) => markOf(series, index, element));

  const READERS = {
    gauge: gaugeMarks,
    graph: (series) => [...itemMarks(series, series.getData()), ...graphLinks(series)],
    parallel: parallelMarks,
    radar: radarMarks,
    sankey: (series) => [...itemMarks(series, series.getData()), ...sankeyLinks(series)],
    themeRiver: riverMarks,
  };

  function readMarks(chart, ids) {
    const found = [];
    chart.getModel().eachSeries((series) => {
      if (!ids.includes(series.id)) return;
      const read = READERS[series.subType] || ((model) => itemMarks(model, model.getData()));
      found.push(...read(series, chart.getViewOfSeriesModel(series)));
    });
    return found;
  }

  // The path of a shape as corners; curves are cut into straight parts.
  function cornersOf(shape) {
    if (!shape.path || !shape.path.data) return [];
    const { data } = shape.path;
    const length = shape.path.len ? shape.path.len() : data.length;
    const matrix = shape.getComputedTransform();
    const corners = [];
    let [x, y] = [0, 0];
    const curve = (controls) => {
      for (let part = 1; part <= CURVE_PARTS; part += 1) {
        const t = part / CURVE_PARTS;
        let points = [[x, y], ...controls];
        while (points.length > 1) {
          points = points.slice(1).map((b, i) => [points[i][0] + (b[0] - points[i][0]) * t, points[i][1] + (b[1] - points[i][1]) * t]);
        }
        corners.push(place(matrix, ...points[0]));
      }
      [x, y] = controls[controls.length - 1];
    };
    for (let at = 0; at < length; ) {
      const command = data[at];
      at += 1;
      if (command === COMMANDS.move || command === COMMANDS.line) {
        [x, y] = [data[at], data[at + 1]];
        corners.push(place(matrix, x, y));
        at += 2;
      } else if (command === COMMANDS.cubic || command === COMMANDS.quadratic) {
        const count = command === COMMANDS.cubic ? 3 : 2;
        curve(Array.from({ length: count }, (_, i) => [data[at + 2 * i], data[at + 2 * i + 1]]));
        at += 2 * count;
      } else if (command === COMMANDS.close) {
        if (corners.length) corners.push(corners[0]);
      } else {
        break;
      }
    }
    return corners;
  }

  // Stems: bars that are drawn as thin as a line.
  const THIN_BAR = 4;

  function stems(series) {
    const width = series.get("barWidth");
    if (series.subType !== "bar" || typeof width !== "number" || width > THIN_BAR) return [];
    const upright = series.getBaseAxis().isHorizontal();
    return itemMarks(series, series.getData()).map(({ box: [x0, y0, x1, y1] }) => {
      const [x, y] = [(x0 + x1) / 2, (y0 + y1) / 2];
      return { series: series.id, corners: upright ? [[x, y0], [x, y1]] : [[x0, y], [x1, y]], width };
    });
  }

  function lineShapes(series, view) {
    const data = series.getData();
    if (series.subType === "line") return [view._polyline];
    if (series.subType === "parallel") return [data.getItemGraphicEl(0)];
    if (series.subType === "radar") return [data.getItemGraphicEl(0).childAt(0)];
    return [];
  }

  // The links of a graph: lines that show values themselves.
  function linkLines(series) {
    if (series.subType !== "graph") return [];
    const links = series.getData("edge");
    return Array.from({ length: links.count() }, (_, index) => {
      const line = links.getItemGraphicEl(index).childOfName("line");
      return { series: series.id, index, edge: true, corners: cornersOf(line), width: line.style.lineWidth };
    });
  }

  // The lines that join the items of a series.
  function readLines(chart, ids) {
    const found = [];
    chart.getModel().eachSeries((series) => {
      if (!ids.includes(series.id)) return;
      found.push(...stems(series), ...linkLines(series));
      const view = chart.getViewOfSeriesModel(series);
      for (const shape of lineShapes(series, view)) {
        if (shape && shape.style.lineWidth) {
          // The path of a straight line leaves out points that are nearer than a pixel.
          const straight = series.subType === "line" && !series.get("smooth") && !series.get("step");
          const whole = straight ? pointsOf(shape).filter((c) => c.every(Number.isFinite)) : cornersOf(shape);
          found.push({ series: series.id, corners: whole, width: shape.style.lineWidth });
        }
      }
    });
    return found;
  }

  globalThis.vary = { ...globalThis.vary, readMarks, readLines };
})();
