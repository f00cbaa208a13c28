// Adds the shapes and texts of annotations to the scene of a chart that ECharts laid out, and reads
// them back from it.
(() => {
  "use strict";

  const MAKERS = {
    line: ({ points, color, width, dash }) =>
      new echarts.graphic.Polyline({
        shape: { points },
        style: { stroke: color, lineWidth: width, lineDash: dash.length ? dash : null, fill: null },
      }),
    shade: ({ box, color }) => new echarts.graphic.Rect({ shape: shapeOf(box), style: { fill: color } }),
    head: ({ points, color }) => new echarts.graphic.Polygon({ shape: { points }, style: { fill: color } }),
    frame: ({ box, color, edge, width, radius }) =>
      new echarts.graphic.Rect({
        shape: { ...shapeOf(box), r: radius },
        style: { fill: color, stroke: edge, lineWidth: width },
      }),
    text: ({ text, x, y, align, size, family, bold, color, lineHeight, plate, padding }) =>
      new echarts.graphic.Text({
        style: {
          text,
          x,
          y,
          align,
          lineHeight,
          padding,
          verticalAlign: "top",
          fontSize: size,
          fontFamily: family,
          fontWeight: bold ? "bold" : "normal",
          fill: color,
          backgroundColor: plate || null,
        },
      }),
  };

  const shapeOf = ([x0, y0, x1, y1]) => ({ x: x0, y: y0, width: x1 - x0, height: y1 - y0 });

  // Each element as `[specification, element of the scene]`.
  function addElements(chart, elements) {
    return elements.map((given) => {
      const element = MAKERS[given.kind](given);
      element.attr({ z: given.z, z2: given.z2, silent: true });
      // Texts are told from those of ECharts by this.
      if (given.shows !== undefined) element.__shows = given.shows;
      chart.getZr().add(element);
      return [given, element];
    });
  }

  const place = (matrix, [x, y]) =>
    matrix ? [matrix[0] * x + matrix[2] * y + matrix[4], matrix[1] * x + matrix[3] * y + matrix[5]] : [x, y];

  function cornersOf(element) {
    const { points, x, y, width, height } = element.shape;
    const own = points || [[x, y], [x + width, y + height]];
    return own.map((point) => place(element.getComputedTransform(), point));
  }

  // The lines and shaded ranges of annotations as they are in the scene.
  function readShapes(added) {
    return added
      .filter(([given]) => given.kind === "line" || given.kind === "shade")
      .map(([given, element]) => {
        const corners = cornersOf(element);
        const [xs, ys] = [corners.map((c) => c[0]), corners.map((c) => c[1])];
        const { fill, stroke, lineWidth } = element.style;
        return {
          shows: element.__shows,
          line: given.kind === "line",
          corners,
          ends: given.ends || [],
          box: [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)],
          color: given.kind === "line" ? stroke : fill,
          width: given.kind === "line" ? lineWidth : 0,
        };
      });
  }

  globalThis.vary = { ...globalThis.vary, addElements, readShapes };
})();
