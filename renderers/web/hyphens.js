// Where the browser draws hyphens: at soft hyphens that break a word at the end of a line.
"use strict";
globalThis.varyHyphens = (() => {
  const range = document.createRange();
  const SOFT = "\u00ad";

  // The parts of a token with soft hyphens: [start, end, rect, box of the hyphen or null]. A soft
  // hyphen has a box where it is drawn. The letter after it has an empty box before it, too.
  function hyphenated(node, start, end) {
    const found = [];
    let open = null;
    for (let i = start; i < end; i++) {
      const rects = rectsOf(node, i, i + 1);
      const soft = node.data[i] === SOFT;
      const rect = soft ? rects[0] : rects[rects.length - 1];
      if (rect === undefined) {
        if (open !== null) open[1] = i + 1;
        continue;
      }
      if (open === null || Math.abs(open[2].top - rect.top) > rect.height / 2
          || rect.left < open[2].left - 1) {
        open = [i, i + 1, rect, null];
        found.push(open);
        continue;
      }
      open[1] = i + 1;
      const { left, top } = open[2];
      open[2] = new DOMRect(left, top, Math.max(open[2].right, rect.right) - left,
                            Math.max(open[2].bottom, rect.bottom) - top);
      if (soft) {
        open[3] = rect;
        open = null;
      }
    }
    return found;
  }

  function rectsOf(node, start, end) {
    range.setStart(node, start);
    range.setEnd(node, end);
    return [...range.getClientRects()].filter((rect) => rect.width > 0);
  }

  // No word is broken between two columns, as typesetters have it: its soft hyphens there are
  // taken away. Returns words that are broken there nevertheless, being too long for a line.
  function keepWholeAtColumns(sheet) {
    const torn = [];
    for (const flow of sheet.querySelectorAll("[data-flow]")) {
      const walker = document.createTreeWalker(flow, NodeFilter.SHOW_TEXT);
      let node;
      while ((node = walker.nextNode())) {
        if (!node.data.includes(SOFT)) continue;
        for (let at = 0, token; (token = nextSoft(node.data, at)); at = token[1]) {
          for (let end; (end = endOfColumn(node, ...token)) !== null; token[1] -= 1) {
            if (node.data[end - 1] !== SOFT) {
              torn.push(node.data.slice(...token));
              break;
            }
            node.data = node.data.slice(0, end - 1) + node.data.slice(end);
          }
        }
      }
    }
    return torn;
  }

  // The place in a word at which it goes on in the next column; null if it does not.
  function endOfColumn(node, start, end) {
    if (rectsOf(node, start, end).length < 2) return null;
    const found = hyphenated(node, start, end);
    const at = found.findIndex(([, , rect], i) =>
      i + 1 < found.length && found[i + 1][2].top < rect.top - rect.height / 2);
    return at === -1 ? null : found[at][1];
  }

  // Start and end of the next word with soft hyphens; null if there is none.
  function nextSoft(data, from) {
    const words = /\S*\u00ad\S*/g;
    words.lastIndex = from;
    const found = words.exec(data);
    return found === null ? null : [found.index, found.index + found[0].length];
  }

  // The characters of a text without its soft hyphens, if it has any.
  const lengthOf = (data, soft) => (soft ? data.replaceAll(SOFT, "") : data).length;

  return { SOFT, hyphenated, keepWholeAtColumns, lengthOf, rectsOf };
})();
