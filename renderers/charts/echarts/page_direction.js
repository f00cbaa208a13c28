// Texts from right to left. A canvas has one direction for all of its texts; here each has its own.
(() => {
  "use strict";

  const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
  const MARK = "\u200e";
  // The sign of a number is at the left of its digits (see `directions.py`).
  const SIGN = /(^|[\s(])([-+](?=\d))/g;

  const isRightToLeft = (text) => RIGHT_TO_LEFT.test(text);
  const directed = (text) => (isRightToLeft(text) ? text.replace(SIGN, `$1${MARK}$2`) : text);

  const prototype = CanvasRenderingContext2D.prototype;
  const { measureText } = prototype;

  // ECharts centers texts by the middle of the font, ascenders and descenders included. In fonts with
  // long descenders, digits would stand above the ticks that they belong to: there, the middle of a
  // digit is the middle.
  let centered = false;
  const middles = new Map();

  function middleOf(context) {
    const { font } = context;
    if (!middles.has(font)) {
      const ink = measureText.call(context, "0");
      middles.set(font, (ink.actualBoundingBoxAscent - ink.actualBoundingBoxDescent) / 2);
    }
    return middles.get(font);
  }

  // Calls `act` with the state that a text is set in, and how far down its base line is.
  function inState(context, text, act) {
    const { direction, textBaseline } = context;
    const moved = centered && textBaseline === "middle";
    if (isRightToLeft(text)) context.direction = "rtl";
    if (moved) context.textBaseline = "alphabetic";
    try {
      return act(moved ? middleOf(context) : 0);
    } finally {
      context.direction = direction;
      context.textBaseline = textBaseline;
    }
  }

  const isPlain = (text) => !centered && !isRightToLeft(text);

  for (const name of ["fillText", "strokeText"]) {
    const original = prototype[name];
    prototype[name] = function (text, x, y, ...more) {
      if (isPlain(text)) return original.call(this, text, x, y, ...more);
      return inState(this, text, (down) => original.call(this, directed(text), x, y + down, ...more));
    };
  }

  prototype.measureText = function (text) {
    if (isPlain(text)) return measureText.call(this, text);
    return inState(this, text, (down) => {
      const found = measureText.call(this, directed(text));
      return {
        width: found.width,
        actualBoundingBoxLeft: found.actualBoundingBoxLeft,
        actualBoundingBoxRight: found.actualBoundingBoxRight,
        actualBoundingBoxAscent: found.actualBoundingBoxAscent - down,
        actualBoundingBoxDescent: found.actualBoundingBoxDescent + down,
      };
    });
  };

  // Whether texts of the following charts are centered by their digits.
  function centerDigits(wanted) {
    centered = wanted;
    middles.clear();
  }

  // Each word of a line with its ends, from the left end of the line. A canvas cannot tell them; the
  // same text in the document can.
  function wordsFromRight(text, font, words) {
    const line = document.createElement("span");
    line.dir = "rtl";
    line.style.cssText = "position: absolute; white-space: pre; visibility: hidden";
    line.style.font = font;
    line.textContent = directed(text);
    document.body.append(line);
    try {
      const { left } = line.getBoundingClientRect();
      const range = document.createRange();
      return [...line.textContent.matchAll(words)].map((match) => {
        range.setStart(line.firstChild, match.index);
        range.setEnd(line.firstChild, match.index + match[0].length);
        const box = range.getBoundingClientRect();
        return { text: match[0].replaceAll(MARK, ""), from: box.left - left, to: box.right - left };
      });
    } finally {
      line.remove();
    }
  }

  globalThis.vary = { ...globalThis.vary, isRightToLeft, wordsFromRight, centerDigits };
})();
