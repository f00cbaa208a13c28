// Runs inside the browser page, after ECharts and the other files. One call draws one chart and
// answers with everything that is on it; a chart with annotations takes two, `lay` and `finish`.
//
// The request: `option`, `width` and `height` in CSS pixels, `ratio` of picture pixels to those,
// `seed`, `clock` in milliseconds, `locale`, `centered` (texts by their digits), and `roles`, which
// names the texts of a series by its id or type (a role may depend on the element: see `roleOf`), and
// `marks`, the ids of the series whose items are marks.
(() => {
  "use strict";

  const {
    revive, labelLinks, labelCutBars, raiseLabels, measure, readBack, addElements, centerDigits,
  } = globalThis.vary;
  const canvas = document.createElement("canvas");
  // Without this flag the pixels would be fetched from another process.
  canvas.getContext("2d", { willReadFrequently: true });

  // ECharts places the nodes of graphs with Math.random: give every chart the same start.
  function seedRandom(seed) {
    let state = seed >>> 0;
    Math.random = () => {
      state = (state + 0x6d2b79f5) | 0;
      let t = Math.imul(state ^ (state >>> 15), 1 | state);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
  }

  // Ripples and fading labels move with the clock: it is stopped while a chart is drawn, and is
  // advanced by `clock` of the request.
  let now = 0;
  const RealDate = Date;
  globalThis.Date = class extends RealDate {
    constructor(...given) {
      if (given.length) super(...given);
      else super(now);
    }
    static now() {
      return now;
    }
  };

  // Chromium remembers how it shaped a word, but not in which script: after "0人" a lone "0" in a
  // Chinese font may come out wider than before it. A change of the document's fonts makes it
  // forget.
  function forgetShapes() {
    const nothing = new FontFace("forget-shapes", 'local("forget-shapes")');
    document.fonts.add(nothing);
    document.fonts.delete(nothing);
  }

  // ECharts remembers in turn how wide texts came out, in the fonts it saw last, and offers no way
  // to forget: other fonts push those out.
  const FONTS_KEPT = 100;
  const measureText = (text, font) => ({ width: measure(font, [text])[0] });

  function forgetWidths() {
    echarts.setPlatformAPI({ measureText: () => ({ width: 0 }) });
    for (let i = 0; i < FONTS_KEPT; i += 1) echarts.format.getTextRect("", `${i}px forget-widths`);
    echarts.setPlatformAPI({ measureText });
  }

  // Other versions of ECharts keep more.
  function checkForgetting() {
    const probe = () => echarts.format.getTextRect("probe", "10px probe").width;
    echarts.setPlatformAPI({ measureText: () => ({ width: 1000 }) });
    probe();
    forgetWidths();
    if (probe() === 1000) throw new Error(`ECharts ${echarts.version} never forgets widths of texts`);
  }

  // What a chart looks like must not depend on those before it.
  function forgetCharts() {
    forgetShapes();
    forgetWidths();
    now = 0;
  }

  function runFor(chart, milliseconds) {
    if (!milliseconds) return;
    const animation = chart.getZr().animation;
    animation.update(true);
    now += milliseconds;
    animation.update(true);
  }

  // A chart that was laid out and waits for its annotations.
  let waiting = null;

  function dropWaiting() {
    if (waiting) waiting.chart.dispose();
    waiting = null;
  }

  function layOut(request) {
    dropWaiting();
    const { width, height, ratio, locale } = request;
    seedRandom(request.seed);
    forgetCharts();
    centerDigits(request.centered);
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    const settings = { width, height, devicePixelRatio: ratio, renderer: "canvas", locale };
    const chart = echarts.init(canvas, null, settings);
    try {
      chart.setOption(request.option, { lazyUpdate: false });
      labelLinks(chart);
      labelCutBars(chart);
      raiseLabels(chart);
      runFor(chart, request.clock);
    } catch (error) {
      chart.dispose();
      throw error;
    }
    return chart;
  }

  function paint(chart, request, added) {
    try {
      chart.getZr().refreshImmediately();
      return JSON.stringify(readBack(chart, canvas, request, added, true));
    } finally {
      chart.dispose();
    }
  }

  function draw(json) {
    const request = JSON.parse(json, revive);
    return paint(layOut(request), request, []);
  }

  // Lays a chart out and answers with everything but its pixels; `finish` draws it.
  function lay(json) {
    const request = JSON.parse(json, revive);
    waiting = { chart: layOut(request), request };
    return JSON.stringify(readBack(waiting.chart, canvas, request, [], false));
  }

  // Draws the chart that was laid out last, with these elements (`page_annotations.js`).
  function finish(json) {
    if (!waiting) throw new Error("no chart is laid out");
    const { chart, request } = waiting;
    waiting = null;
    return paint(chart, request, addElements(chart, JSON.parse(json)));
  }

  function widths(json) {
    forgetShapes();
    return JSON.stringify(JSON.parse(json).map(([font, texts]) => measure(font, texts)));
  }

  checkForgetting();
  globalThis.vary = { ...globalThis.vary, draw, lay, finish, measure: widths };
})();
