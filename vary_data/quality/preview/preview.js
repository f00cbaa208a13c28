"use strict";
// Every string of the dataset reaches the page as text (textContent), never as markup.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const $ = (id) => document.getElementById(id);
  const FILTERS = [["config", "configurations"], ["kind", "kinds"], ["type", "types"], ["lang", "languages"]];
  const COLORS = ["#2a78d6", "#e0531f", "#0e9a6c", "#6b46c1", "#d92b3a", "#b98a00", "#c2458a", "#0d7f95", "#5a7a1f", "#7a5a3a"];
  const PER_PAGE = 500;
  const state = { shown: data.samples, page: 0, at: -1, boxes: true, full: false, tab: "truth", form: "", off: new Set(["word"]) };

  function make(tag, className, text) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  }
  function fill(node, ...children) { node.replaceChildren(...children.filter(Boolean)); return node; }
  const press = (button, on) => button.setAttribute("aria-pressed", String(on));
  const words = (name) => String(name).replaceAll("_", " ");
  const languageNames = new Intl.DisplayNames(["en"], { type: "language" });
  function language(tag) { try { return languageNames.of(tag); } catch { return tag; } }

  // ---- gallery -------------------------------------------------------------------------------
  const MARKUP = new Set(["markdown", "mmd"]);
  const HEADING = /^#{1,6}\s+/;
  // A comment of a program may look like a heading.
  const LISTING = /^(`{3,})[^`\n]*$[\s\S]*?^\1`*$/gm;
  // Page numbers, commands of LaTeX and rows of tables do not say what a page is about.
  const telling = (line) => /\p{L}{2}/u.test(line) && !/^\s*(?:\\|\||!\[|<)/.test(line);
  const unmarked = (line) => line.replace(HEADING, "").replace(/(\*{1,3}|`)(\S(?:.*?\S)?)\1/g, "$2")
    .replace(/\\([^A-Za-z0-9\s()[\]])/g, "$1");
  function lead(sample) {
    const title = sample.truth && sample.truth.title;
    if (title && title !== "None") return title;
    if (sample.truth) return "Chart without title";
    const text = sample.text || (sample.messages[0] || {}).text || "";
    const marked = MARKUP.has(sample.format);
    const filled = (part) => part.split("\n").filter((l) => l.trim());
    const lines = filled(text);
    const prose = marked ? filled(text.replace(LISTING, "")) : lines;
    const heading = marked && prose.find((l) => HEADING.test(l) && telling(l));
    const line = heading || prose.find(telling) || lines.find(telling) || lines[0] || "";
    return (marked ? unmarked(line) : line).slice(0, 90) || words(sample.kind);
  }
  function tags(sample) {
    const box = make("span", "tags");
    box.append(make("span", "tag first", words(sample.type || sample.kind)));
    if (sample.type) box.append(make("span", "tag", words(sample.kind)));
    box.append(make("span", "tag", language(sample.lang)), make("span", "tag", sample.config));
    return box;
  }
  function card(sample) {
    const button = make("button", "card");
    const frame = make("span", "frame");
    if (sample.image) {
      const image = make("img");
      image.loading = "lazy"; image.alt = lead(sample); image.src = sample.image;
      if (sample.height > sample.width) image.className = "tall";
      frame.style.background = sample.ground;
      frame.append(image);
    } else frame.append(make("span", "nothing line", "does not decode"));
    const caption = make("span", "caption");
    caption.append(make("span", "line lead", lead(sample)), make("span", "line id", sample.id), tags(sample));
    button.append(frame, caption);
    button.addEventListener("click", () => open(state.shown.indexOf(sample)));
    return button;
  }
  const made = new Map();
  const cardOf = (sample) => made.get(sample) || made.set(sample, card(sample)).get(sample);

  function turnTo(page) {
    const last = Math.max(Math.ceil(state.shown.length / PER_PAGE) - 1, 0);
    state.page = Math.min(Math.max(page, 0), last);
    const start = state.page * PER_PAGE;
    fill($("gallery"), ...state.shown.slice(start, start + PER_PAGE).map(cardOf));
    $("pages").hidden = last === 0;
    $("page").textContent = `Page ${state.page + 1} of ${last + 1}`;
    $("earlier").disabled = state.page === 0;
    $("later").disabled = state.page === last;
  }

  // The page has a choice of the dataset's samples, of which the filters show a part.
  const total = data.configs.reduce((sum, c) => sum + c.samples, 0);
  function count(shown, here) {
    if (here >= total) return shown === here ? `${here} samples` : `${shown} of ${here} samples`;
    return shown === here ? `${here} chosen of ${total.toLocaleString("en")} samples` : `${shown} of the ${here} chosen`;
  }

  function apply() {
    const wanted = FILTERS.map(([key]) => [key, $("by-" + key).value]);
    const needle = $("search").value.trim().toLowerCase();
    state.shown = data.samples.filter((s) => wanted.every(([k, v]) => !v || s[k] === v)
      && (!needle || (s.id + "\n" + s.text).toLowerCase().includes(needle)));
    wanted.forEach(([key, value]) => $("by-" + key).classList.toggle("set", Boolean(value)));
    turnTo(0);
    $("nothing").hidden = state.shown.length > 0;
    $("shown").textContent = count(state.shown.length, data.samples.length);
  }
  function select([key, plural]) {
    const node = make("select");
    node.id = "by-" + key;
    node.setAttribute("aria-label", plural);
    node.append(new Option("All " + plural, ""));
    const values = [...new Set(data.samples.map((s) => s[key]).filter(Boolean))].sort();
    values.forEach((v) => node.append(new Option(key === "lang" ? language(v) : key === "config" ? v : words(v), v)));
    node.addEventListener("change", apply);
    node.hidden = values.length < 2;
    return node;
  }

  // ---- viewer --------------------------------------------------------------------------------
  // A role keeps its color from sample to sample, unless another role of the sample has it.
  const known = [...new Set(data.samples.flatMap((s) => s.regions.map((r) => r[4])))].sort();
  let colors = new Map();
  const color = (role) => colors.get(role);
  function assign(names) {
    colors = new Map();
    const free = [];
    names.forEach((role) => {
      if (!free.length) free.push(...COLORS);
      const wanted = free.indexOf(COLORS[known.indexOf(role) % COLORS.length]);
      colors.set(role, free.splice(Math.max(wanted, 0), 1)[0]);
    });
  }
  const SHAPES = new Set(["mark", "plot", "image", "figure"]);
  const NS = "http://www.w3.org/2000/svg";
  const current = () => state.shown[state.at];

  function open(index) {
    if (!state.shown.length) return;
    state.at = (index + state.shown.length) % state.shown.length;
    const sample = current();
    $("viewer").hidden = false;
    document.body.style.overflow = "hidden";
    $("place").textContent = `${state.at + 1} of ${state.shown.length}`;
    fill($("tags"), ...tags(sample).children);
    $("name").textContent = sample.id;
    $("sheet").hidden = !sample.image;
    $("damaged").hidden = Boolean(sample.image);
    if (sample.image) $("picture").src = sample.image;
    $("picture").alt = lead(sample);
    roles(sample); draw(sample); fit(); content();
    $("stage").scrollTo(0, 0);
    history.replaceState(null, "", "#" + encodeURIComponent(sample.id));
  }
  function close() {
    $("viewer").hidden = true;
    document.body.style.overflow = "";
    history.replaceState(null, "", "#");
    const sample = current();
    if (!sample) return;
    const page = Math.floor(state.at / PER_PAGE);
    if (page !== state.page) turnTo(page);
    cardOf(sample).scrollIntoView({ block: "nearest" });
    cardOf(sample).focus({ preventScroll: true });
  }
  function roles(sample) {
    const counts = new Map();
    sample.regions.forEach((r) => counts.set(r[4], (counts.get(r[4]) || 0) + 1));
    assign([...counts.keys()]);
    fill($("roles"), ...[...counts].map(([role, count]) => {
      const button = make("button", "role");
      const swatch = make("i");
      swatch.style.background = color(role);
      button.append(swatch, words(role) || "no role", make("b", "", count));
      press(button, state.boxes && !state.off.has(role));
      button.addEventListener("click", () => toggle(role));
      return button;
    }));
    press($("boxes"), state.boxes);
  }
  function toggle(role) {
    if (!state.boxes) { state.boxes = true; state.off.delete(role); }
    else if (!state.off.delete(role)) state.off.add(role);
    refresh();
  }
  function refresh() { roles(current()); draw(current()); }
  function draw(sample) {
    const overlay = $("overlay");
    overlay.setAttribute("viewBox", `0 0 ${sample.width} ${sample.height}`);
    overlay.setAttribute("preserveAspectRatio", "none");
    const visible = state.boxes ? sample.regions.filter((r) => !state.off.has(r[4])) : [];
    // Larger boxes are below smaller ones, so that each can be pointed at.
    const area = (r) => (r[2] - r[0]) * (r[3] - r[1]);
    fill(overlay, ...[...visible].sort((a, b) => area(b) - area(a)).map((region) => {
      const [x0, y0, x1, y1, role, text] = region;
      const rect = document.createElementNS(NS, "rect");
      for (const [name, value] of Object.entries({ x: x0, y: y0, width: Math.max(x1 - x0, 0), height: Math.max(y1 - y0, 0), fill: color(role), stroke: color(role) })) rect.setAttribute(name, value);
      if (SHAPES.has(role)) rect.setAttribute("class", area(region) > sample.width * sample.height / 4 ? "mark wide" : "mark");
      rect.addEventListener("mousemove", (event) => tip(event, text, `${words(role)} · ${[x0, y0, x1, y1].join(", ")}`));
      rect.addEventListener("mouseleave", hideTip);
      return rect;
    }));
  }
  function fit() {
    const sample = current(), stage = $("stage"), sheet = $("sheet");
    if (!sample) return;
    const room = [stage.clientWidth - 48, stage.clientHeight - 22];
    const scale = state.full ? 1 : Math.min(room[0] / sample.width, room[1] / sample.height, 1.6);
    sheet.style.width = sample.width * scale + "px";
    sheet.style.height = sample.height * scale + "px";
    press($("zoom"), state.full);
  }
  function tip(event, text, note) {
    const node = $("tip");
    fill(node, document.createTextNode(text), make("small", "", note));
    node.hidden = false;
    const right = event.clientX + 16 + node.offsetWidth > innerWidth;
    const low = event.clientY + 18 + node.offsetHeight > innerHeight;
    node.style.left = event.clientX + (right ? -node.offsetWidth - 10 : 16) + "px";
    node.style.top = event.clientY + (low ? -node.offsetHeight - 10 : 18) + "px";
  }
  const hideTip = () => { $("tip").hidden = true; };

  // A string of the truth; pointing at it highlights its position on the picture.
  const bare = (text) => text.replace(/\s+/g, "");
  function seen(tag, text) {
    const node = make(tag);
    if (text === "None") return fill(node, make("span", "absent", "—"));
    const span = make("span", "seen", text);
    span.addEventListener("mouseenter", () => {
      const sample = current(), needle = bare(text);
      const texts = sample.regions.filter((r) => r[5] && r[4] !== "word" && !SHAPES.has(r[4]));
      let found = texts.filter((r) => bare(r[5]) === needle);
      if (!found.length) found = texts.filter((r) => bare(r[5]).includes(needle));
      found.forEach(([x0, y0, x1, y1]) => {
        const rect = document.createElementNS(NS, "rect");
        for (const [n, v] of Object.entries({ x: x0 - 2, y: y0 - 2, width: x1 - x0 + 4, height: y1 - y0 + 4, class: "hot" })) rect.setAttribute(n, v);
        $("overlay").append(rect);
      });
    });
    span.addEventListener("mouseleave", () => document.querySelectorAll("rect.hot").forEach((r) => r.remove()));
    return fill(node, span);
  }

  // ---- panel ---------------------------------------------------------------------------------
  const isMap = (v) => v !== null && typeof v === "object" && !Array.isArray(v);
  const depth = (v) => isMap(v) ? 1 + Math.max(0, ...Object.values(v).map(depth)) : 0;
  function table(head, rows) {
    const node = make("table", "grid");
    if (head) {
      const line = make("tr");
      head.forEach((text) => line.append(text === "" ? make("th") : seen("th", text)));
      node.append(fill(make("thead"), line));
    }
    const body = make("tbody");
    rows.forEach(([name, ...values]) => body.append(fill(make("tr"), seen("th", name), ...values.map((v) => seen("td", v)))));
    node.append(body);
    return fill(make("div", "wide"), node);
  }
  function values(tree) {
    const keys = Object.keys(tree), inner = Object.values(tree);
    if (depth(tree) === 1) return table(null, keys.map((k) => [k, String(tree[k])]));
    if (depth(tree) === 2 && inner.every(isMap)) {
      const columns = [...new Set(inner.flatMap(Object.keys))];
      const filled = inner.reduce((sum, column) => sum + Object.keys(column).length, 0);
      if (filled >= keys.length * columns.length * 0.7) {
        // The longer side runs down the page.
        const cell = (a, b) => String(tree[a][b] ?? "None");
        return columns.length >= keys.length
          ? table(["", ...keys], columns.map((c) => [c, ...keys.map((k) => cell(k, c))]))
          : table(["", ...columns], keys.map((k) => [k, ...columns.map((c) => cell(k, c))]));
      }
    }
    if (depth(tree) === 3 && inner.every((v) => depth(v) === 2)) {
      const parts = make("div");
      keys.forEach((k) => { const head = seen("h3", k); parts.append(head, values(tree[k])); });
      return parts;
    }
    return list(tree, true);
  }
  function list(tree, root) {
    const node = make("ul", root ? "tree root" : "tree");
    Object.entries(tree).forEach(([key, value]) => {
      const item = make("li");
      if (isMap(value)) item.append(seen("div", key), list(value));
      else item.append(fill(make("div", "leaf"), seen("span", key), seen("span", String(value))));
      node.append(item);
    });
    return node;
  }
  function pairs(entries) {
    const node = make("dl", "pairs");
    entries.forEach(([key, value]) => node.append(make("dt", "", words(key)), value instanceof Node ? value : make("dd", "", value)));
    return node;
  }
  function chart(truth) {
    const parts = [];
    if (truth.title && truth.title !== "None") { const t = seen("p", String(truth.title)); t.className = "chart-title"; parts.push(t); }
    if (isMap(truth.values)) parts.push(values(truth.values));
    const rest = Object.entries(truth).filter(([k]) => k !== "title" && k !== "values");
    parts.push(make("h3", "", "Around it"), pairs(rest.map(([k, v]) => [k, seen("dd", String(v))])));
    return parts;
  }
  // Mathpix Markdown as source, with formulas and headings highlighted.
  function source(text) {
    const node = make("pre", "code");
    const pattern = /(\\\[[\s\S]*?\\\]|\\\([\s\S]*?\\\))|(^#{1,6} .*$)|(\\(?:begin|end|hline|cline|multicolumn|multirow)\b)/gm;
    let last = 0;
    for (const match of text.matchAll(pattern)) {
      node.append(text.slice(last, match.index), make("span", match[1] ? "math" : match[2] ? "heading" : "command", match[0]));
      last = match.index + match[0].length;
    }
    node.append(text.slice(last));
    return node;
  }
  const PANELS = {
    truth(sample) {
      if (sample.truth) return [...chart(sample.truth), make("h3", "", "As the model writes it"), make("pre", "code", sample.text)];
      if (sample.format === "plain" || sample.format === "caption") return [make("p", "prose", sample.text)];
      if (!sample.text) return PANELS.messages(sample);
      return [source(sample.text)];
    },
    // The same content as other models write it; the chosen form stays from sample to sample.
    forms(sample) {
      const names = Object.keys(sample.forms);
      if (!names.length) return [make("p", "absent", "This row has no other forms.")];
      if (!names.includes(state.form)) state.form = names[0];
      const bar = make("div", "forms");
      names.forEach((name) => {
        const button = make("button", "form", name);
        press(button, name === state.form);
        button.addEventListener("click", () => { state.form = name; content(); });
        bar.append(button);
      });
      return [bar, make("pre", "code", sample.forms[state.form])];
    },
    messages(sample) {
      return sample.messages.map((m) => {
        const turn = make("div", "turn " + (m.role === "user" ? "user" : ""));
        const bubble = make("div", "bubble");
        if (m.image) bubble.append(make("span", "image", "picture"));
        bubble.append(m.text);
        return fill(turn, make("span", "who", m.role), bubble);
      });
    },
    details(sample) {
      const show = (v) => typeof v === "string" ? v : JSON.stringify(v, null, 1);
      const meta = isMap(sample.meta) ? Object.entries(sample.meta) : [["meta", sample.meta]];
      return [
        sample.cut ? make("p", "note", "This page shows only a part of it: without boxes of words, with shorter texts.") : null,
        make("h3", "", "Sample"), pairs([["configuration", sample.config], ["split", sample.split], ["file", sample.file], ["format", sample.format], ["size", `${sample.width} × ${sample.height}`], ["regions", String(sample.regions.length)]]),
        make("h3", "", "Origin"), pairs(Object.entries(sample.about)),
        meta.length ? make("h3", "", "How it was drawn") : null, meta.length ? pairs(meta.map(([k, v]) => [k, show(v)])) : null,
      ].filter(Boolean);
    },
  };
  function content() {
    $("tabs").querySelectorAll("button").forEach((b) => b.setAttribute("aria-selected", String(b.dataset.tab === state.tab)));
    fill($("content"), ...PANELS[state.tab](current()));
    $("content").scrollTo(0, 0);
  }

  // ---- wiring --------------------------------------------------------------------------------
  const flip = (name, then) => { state[name] = !state[name]; then(); };
  function setTheme(name) {
    document.documentElement.dataset.theme = name;
    try { localStorage.setItem("vary-theme", name); } catch { /* a page from disk may have no storage */ }
  }
  function changeTheme() {
    const dark = document.documentElement.dataset.theme === "dark"
      || (!document.documentElement.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
    setTheme(dark ? "light" : "dark");
  }
  function tab(name) { state.tab = name; content(); }
  const help = () => $("help").showModal();

  const ALWAYS = { t: changeTheme, "?": help, "/": () => { if (!$("viewer").hidden) close(); $("search").focus(); } };
  const IN_VIEWER = {
    ArrowLeft: () => open(state.at - 1), ArrowRight: () => open(state.at + 1), Escape: close,
    b: () => flip("boxes", refresh), w: () => toggle("word"), z: () => flip("full", fit),
    1: () => tab("truth"), 2: () => tab("forms"), 3: () => tab("messages"), 4: () => tab("details"),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || $("help").open) return;
    if (event.target.matches("input, select")) { if (event.key === "Escape") event.target.blur(); return; }
    const action = (!$("viewer").hidden && IN_VIEWER[event.key]) || ALWAYS[event.key]
      || (event.key === "ArrowRight" && $("viewer").hidden && (() => open(Math.max(state.at, 0))));
    if (action) { event.preventDefault(); hideTip(); action(); }
  });
  addEventListener("resize", () => { if (!$("viewer").hidden) fit(); });
  $("close").addEventListener("click", close);
  $("previous").addEventListener("click", () => open(state.at - 1));
  $("next").addEventListener("click", () => open(state.at + 1));
  $("boxes").addEventListener("click", IN_VIEWER.b);
  $("zoom").addEventListener("click", IN_VIEWER.z);
  $("theme").addEventListener("click", changeTheme);
  $("keys").addEventListener("click", help);
  $("search").addEventListener("input", apply);
  function showAll() { $("search").value = ""; FILTERS.forEach(([key]) => { $("by-" + key).value = ""; }); apply(); }
  $("reset").addEventListener("click", showAll);
  $("earlier").addEventListener("click", () => { turnTo(state.page - 1); scrollTo(0, 0); });
  $("later").addEventListener("click", () => { turnTo(state.page + 1); scrollTo(0, 0); });
  $("tabs").addEventListener("click", (event) => { if (event.target.dataset.tab) tab(event.target.dataset.tab); });

  try { const kept = localStorage.getItem("vary-theme"); if (kept) setTheme(kept); } catch { /* as above */ }
  $("title").textContent = data.title;
  const facts = data.configs.map((c) => make("span", "fact", `${c.name} ${c.samples.toLocaleString("en")}`));
  fill($("facts"), ...facts.flatMap((fact, at) => at ? [document.createTextNode(" · "), fact] : [fact]));
  $("filters").prepend(...FILTERS.map(select));
  apply();
  // A link to a sample opens it, also if a filter hides it.
  function follow() {
    const wanted = location.hash.slice(1);
    const sample = wanted && data.samples.find((s) => [s.id, encodeURIComponent(s.id)].includes(wanted));
    $("absent").hidden = !wanted || Boolean(sample);
    if (!sample) return;
    if (!state.shown.includes(sample)) showAll();
    open(state.shown.indexOf(sample));
  }
  addEventListener("hashchange", follow);
  follow();
})();
