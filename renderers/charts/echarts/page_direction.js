// Texts from right to left. A canvas has one direction for all of its texts; here each has its own.
(() => {
  "use strict";

  const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
  const MARK = "\u200e";
  // The sign of a number is at the left of its digits (see `directions.py`).
  const SIGN = /(^|[\s(])([-+](?=\d))/g;

  const isRightToLeft = (text) => RIGHT_TO_LEFT.test(text);
  const directed = (text) => text.replace(SIGN, `$1${MARK}$2`);

  for (const name of ["fillText", "strokeText", "measureText"]) {
    const original = CanvasRenderingContext2D.prototype[name];
    CanvasRenderingContext2D.prototype[name] = function (text, ...place) {
      if (!isRightToLeft(text)) return original.call(this, text, ...place);
      const before = this.direction;
      this.direction = "rtl";
      try {
        return original.call(this, directed(text), ...place);
      } finally {
        this.direction = before;
      }
    };
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

  globalThis.vary = { ...globalThis.vary, isRightToLeft, wordsFromRight };
})();
