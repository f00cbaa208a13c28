// Lays out one page and reads it back. Content arrives as data; text was escaped by its writer.
"use strict";
globalThis.vary = (() => {
  const style = document.createElement("style");
  document.head.append(style);
  const sheet = document.createElement("div");
  sheet.id = "sheet";
  document.body.append(sheet);
  // A wide character is a token by itself, other characters up to a space are one.
  const TOKENS = /[\u2e80-\u2fdf\u3000-\u30ff\u3105-\u312f\u3190-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]|[\ud840-\ud8bf][\udc00-\udfff]|(?:[^\s\u2e80-\u2fdf\u3000-\u30ff\u3105-\u312f\u3190-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\ud840-\ud8bf])+/g;
  // Text without spaces between its words is parted by the browser's dictionary, as its lines are.
  const segmenters = new Map();
  function wordsOf(text, lang) {
    if (!segmenters.has(lang)) {
      segmenters.set(lang, new Intl.Segmenter(lang, { granularity: "word" }));
    }
    const found = [];
    for (const { segment, index, isWordLike } of segmenters.get(lang).segment(text)) {
      if (!/\S/.test(segment)) continue;
      const last = found[found.length - 1];
      const joined = last && last[1] === index && (!isWordLike || !last[2]);
      if (joined) {
        last[1] = index + segment.length;
        last[2] = isWordLike;
      } else {
        found.push([index, index + segment.length, isWordLike]);
      }
    }
    return found.map(([start, end]) => [start, end]);
  }
  function tokensOf(text) {
    if (dictionary) return wordsOf(text, dictionary);
    return [...text.matchAll(TOKENS)].map((m) => [m.index, m.index + m[0].length]);
  }
  let dictionary = "";
  let leftward = false;
  const range = document.createRange();
  const { SOFT, hyphenated, keepWholeAtColumns, lengthOf, rectsOf } = globalThis.varyHyphens;
  const SIZES = 16;  // of text, in a pixel
  const round = (value) => Math.round(value * 100) / 100;

  function push(out, rect) {
    out.push(round(rect.left), round(rect.top), round(rect.right), round(rect.bottom));
  }

  // The parts of a token that was broken over lines: [start, end, rect].
  function parts(node, start, end) {
    range.setStart(node, start);
    range.setEnd(node, end);
    const rects = [...range.getClientRects()].filter((r) => r.width > 0 || r.height > 0);
    if (rects.length <= 1) return rects.map((rect) => [start, end, rect]);
    const whole = range.getBoundingClientRect();
    // Runs of both directions have a box each, beside each other.
    if (leftward && whole.height < 1.5 * rects[0].height) return [[start, end, whole]];
    const found = [];
    for (let i = start; i < end; i++) {
      range.setStart(node, i);
      range.setEnd(node, i + 1);
      const rect = range.getBoundingClientRect();
      const last = found[found.length - 1];
      const near = last && (leftward
        ? last[2].left - rect.right < rect.height && rect.left - last[2].right < rect.height
        : rect.left >= last[2].left - 1 && rect.left - last[2].right < rect.height);
      if (near && Math.abs(last[2].top - rect.top) < rect.height / 2) {
        const box = last[2];
        last[1] = i + 1;
        const left = leftward ? Math.min(box.left, rect.left) : box.left;
        const right = leftward ? Math.max(box.right, rect.right) : rect.right;
        last[2] = new DOMRect(
          left, Math.min(box.top, rect.top), right - left,
          Math.max(box.bottom, rect.bottom) - Math.min(box.top, rect.top));
      } else {
        found.push([i, i + 1, rect]);
      }
    }
    return found;
  }

  // A character below a longer reading is in the middle of its box, which is as long as that.
  function inMiddle(box, css) {
    const vertical = css.writingMode !== "horizontal-tb";
    const size = parseFloat(css.fontSize);
    const more = (vertical ? box.height : box.width) - size;
    if (more <= 1) return box;
    return vertical ? new DOMRect(box.left, box.top + more / 2, box.width, size)
      : new DOMRect(box.left + more / 2, box.top, size, box.height);
  }

  function fontOf(element, fonts, keys) {
    const css = getComputedStyle(element);
    const key = `${css.fontFamily}|${css.fontSize}`;
    if (!keys.has(key)) {
      keys.set(key, fonts.length);
      fonts.push([css.fontFamily, parseFloat(css.fontSize)]);
    }
    return keys.get(key);
  }

  // Every piece of text: entry, start in the entry's text, font, whether something covers it, box.
  function readText(answer) {
    const walker = document.createTreeWalker(sheet, NodeFilter.SHOW_TEXT);
    const keys = new Map();
    const owners = new Map();
    const lengths = new Map();
    let node;
    let count = 0;
    while ((node = walker.nextNode())) {
      const parent = node.parentElement;
      let owner = owners.get(parent);
      if (owner === undefined) {
        const formula = parent.closest("[data-f]");
        const entry = parent.closest("[data-n]");
        owner = entry === null ? null : {
          n: Number(entry.dataset.n), formula: formula !== null, entry,
          ruby: parent.closest("ruby.above") && getComputedStyle(parent),
          font: formula === null ? fontOf(parent, answer.fonts, keys) : 0,
        };
        owners.set(parent, owner);
      }
      if (owner === null) {
        answer.unowned += node.data.trim();
        continue;
      }
      if (parent.closest("rt") !== null) {
        answer.readings[owner.n] = (answer.readings[owner.n] || "") + node.data;
        range.selectNodeContents(node);
        push(answer.readingBoxes, range.getBoundingClientRect());
        continue;
      }
      if (owner.formula) {
        answer.formulaLetters[owner.n] = (answer.formulaLetters[owner.n] || "") + node.data;
        continue;
      }
      const from = lengths.get(owner.n) || 0;
      const anySoft = node.data.includes(SOFT);
      lengths.set(owner.n, from + lengthOf(node.data, anySoft));
      for (const [first, after] of tokensOf(node.data)) {
        const soft = anySoft && node.data.slice(first, after).includes(SOFT)
          && rectsOf(node, first, after).length > 1;
        const found = soft ? hyphenated(node, first, after) : parts(node, first, after);
        for (const [start, end, whole, hyphen] of found) {
          const rect = owner.ruby && after - first === 1 ? inMiddle(whole, owner.ruby) : whole;
          let covered = 0;
          // A sample is enough: what covers text covers more than one letter of it.
          if (count++ % 3 === 0) {
            const on = document.elementFromPoint(
              (rect.left + rect.right) / 2, (rect.top + rect.bottom) / 2);
            covered = on === null || owner.entry.contains(on) || on.contains(owner.entry) ? 0 : 1;
          }
          if (hyphen) {
            answer.hyphens.push(answer.texts.length);
            push(answer.hyphens, hyphen);
          }
          const own = node.data.slice(start, end);
          answer.texts.push(anySoft ? own.replaceAll(SOFT, "") : own);
          const before = anySoft ? lengthOf(node.data.slice(0, start), true) : start;
          answer.tokens.push(owner.n, from + before, owner.font, covered);
          push(answer.boxes, rect);
        }
      }
    }
  }

  // KaTeX's options: errors are thrown, nothing of the source is a link or a file.
  const TEX = { output: "html", throwOnError: true, strict: "ignore", trust: false,
                maxExpand: 200, maxSize: 20 };

  // A display that is wider than its column is set smaller, as typesetters do.
  const NARROWEST = 0.7;

  function drawFormulas() {
    for (const place of sheet.querySelectorAll("[data-tex]")) {
      const displayMode = place.dataset.display !== undefined;
      katex.render(place.dataset.tex, place, { ...TEX, displayMode });
      if (!displayMode) continue;
      const box = formulaBox(place);
      const wide = box.right - box.left;
      const room = place.parentElement.getBoundingClientRect().width;
      if (wide > room) place.style.fontSize = `${Math.max(NARROWEST, 0.98 * room / wide)}em`;
    }
  }

  // A display is as wide as its column; its parts are as wide as their letters.
  function formulaBox(place) {
    const parts = place.matches("math") ? place.children
      : place.querySelectorAll(":scope .katex-base");
    if (!parts.length) return place.getBoundingClientRect();
    const rects = [...parts].map((part) => part.getBoundingClientRect());
    const [left, top] = ["left", "top"].map((side) => Math.min(...rects.map((r) => r[side])));
    const [right, bottom] = ["right", "bottom"].map((s) => Math.max(...rects.map((r) => r[s])));
    return new DOMRect(left, top, right - left, bottom - top);
  }

  function readFormulas(answer) {
    for (const place of sheet.querySelectorAll("[data-f]")) {
      const entry = place.closest("[data-n]");
      const box = [];
      push(box, formulaBox(place));
      answer.formulas.push([Number(entry.dataset.n), ...box]);
    }
  }

  // Lines and pictures that are no text: borders, backgrounds, rules between columns, drawings.
  function readDrawn(answer) {
    const byTex = sheet.querySelector(".tex") !== null;  // its formulas have boxes of their own
    for (const element of [sheet, ...sheet.querySelectorAll(":scope *")]) {
      if (byTex && element.closest(".tex")) continue;
      if (element instanceof SVGElement) {
        if (element.ownerSVGElement === null) push(answer.drawn, element.getBoundingClientRect());
        continue;
      }
      const css = getComputedStyle(element);
      const edges = [
        ["Top", (r, w) => [r.left, r.top, r.right, r.top + w]],
        ["Right", (r, w) => [r.right - w, r.top, r.right, r.bottom]],
        ["Bottom", (r, w) => [r.left, r.bottom - w, r.right, r.bottom]],
        ["Left", (r, w) => [r.left, r.top, r.left + w, r.bottom]],
      ];
      const ground = css.backgroundColor !== "rgba(0, 0, 0, 0)" || css.backgroundImage !== "none";
      for (const [side, strip] of edges) {
        const width = ground ? Math.max(1, parseFloat(css[`border${side}Width`]))
          : css[`border${side}Style`] === "none" ? 0 : parseFloat(css[`border${side}Width`]);
        if (width > 0) {
          for (const rect of element.getClientRects()) {
            answer.drawn.push(...strip(rect, width).map(round));
          }
        }
      }
      if (css.outlineStyle !== "none" && parseFloat(css.outlineWidth) > 0) {
        const far = parseFloat(css.outlineOffset) + parseFloat(css.outlineWidth);
        const box = element.getBoundingClientRect();
        const outer = new DOMRect(
          box.left - far, box.top - far, box.width + 2 * far, box.height + 2 * far);
        for (const [, strip] of edges) {
          answer.drawn.push(...strip(outer, parseFloat(css.outlineWidth)).map(round));
        }
      }
      if (css.columnRuleStyle !== "none" && parseFloat(css.columnRuleWidth) > 0) {
        columnRules(element, css, answer.drawn);
      }
    }
  }

  function columnRules(element, css, drawn) {
    const box = element.getBoundingClientRect();
    const columns = Number(css.columnCount) || 1;
    const gap = parseFloat(css.columnGap) || 0;
    const left = box.left + parseFloat(css.paddingLeft) + parseFloat(css.borderLeftWidth);
    const inner = element.clientWidth - parseFloat(css.paddingLeft) - parseFloat(css.paddingRight);
    const width = (inner - gap * (columns - 1)) / columns;
    const half = parseFloat(css.columnRuleWidth);
    for (let i = 1; i < columns; i++) {
      const x = left + i * (width + gap) - gap / 2;
      drawn.push(round(x - half), round(box.top), round(x + half), round(box.bottom));
    }
  }

  // Chromium draws sizes that differ by less than about 1/64 pixel with the font of the size that it
  // met first: widths would depend on the pages before this one. Sizes on a coarser grid never do.
  function roundSizes() {
    for (const element of sheet.querySelectorAll("*")) {
      const size = parseFloat(getComputedStyle(element).fontSize);
      const rounded = Math.round(size * SIZES) / SIZES;
      if (Math.abs(size - rounded) > 1e-5) element.style.fontSize = `${rounded}px`;
    }
  }

  // Writes the page; returns words that the end of a column breaks. Its places are final: pictures have their sizes before they are decoded.
  function write(text) {
    const request = JSON.parse(text);
    document.documentElement.lang = request.lang;
    sheet.dir = request.direction;
    leftward = request.direction === "rtl";
    dictionary = request.dictionary ? request.lang : "";
    style.textContent = request.css;
    sheet.innerHTML = request.html;
    drawFormulas();
    roundSizes();
    return request.html.includes(SOFT) ? keepWholeAtColumns(sheet) : [];
  }

  return {
    // The letters that KaTeX prints for each formula; null for one that it cannot draw.
    formulas(text) {
      const place = document.createElement("span");
      return JSON.stringify(JSON.parse(text).map((latex) => {
        try {
          katex.render(latex, place, { ...TEX, displayMode: true });
          return place.textContent;
        } catch { return null; }
      }));
    },

    // Width and height of each entry, 0 for one that is not on the page.
    sizes(text) {
      write(text);
      const found = [];
      for (const element of sheet.querySelectorAll("[data-n]")) {
        const { left, top, width, height } = element.getBoundingClientRect();
        const view = (element.closest("[data-flow]") || sheet).getBoundingClientRect();
        const seen = left >= view.left - 1 && left + width <= view.right + 1
          && top >= view.top - 1 && top + height <= view.bottom + 1;
        found[Number(element.dataset.n)] = seen ? [round(width), round(height)] : [0, 0];
      }
      return JSON.stringify(found);
    },

    async layout(text) {
      const torn = write(text);
      await Promise.all([...sheet.querySelectorAll("img")].map((image) => image.decode()));
      const box = sheet.getBoundingClientRect();
      const answer = {
        width: Math.round(box.width), height: Math.round(box.height),
        texts: [], tokens: [], boxes: [], hyphens: [], fonts: [], entries: [], flows: [], formulas: [],
        formulaLetters: {}, readings: {}, readingBoxes: [], drawn: [], unowned: "", torn,
      };
      for (const element of sheet.querySelectorAll("[data-n]")) {
        const rects = [];
        for (const rect of element.getClientRects()) push(rects, rect);
        answer.entries[Number(element.dataset.n)] = rects;
      }
      for (const element of sheet.querySelectorAll("[data-flow]")) {
        const rect = [];
        push(rect, element.getBoundingClientRect());
        answer.flows.push(rect);
      }
      readText(answer);
      readFormulas(answer);
      readDrawn(answer);
      return JSON.stringify(answer);
    },
  };
})();
