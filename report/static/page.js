// Wires the page: filters from the form, the pictures and the names; counts drawn into the pictures; language.

const SIZE = 25;
const byId = (id) => document.getElementById(id);
const form = byId("filters");
let turn = 0, drawn = [];

/** Draw how many of `rows` each shape of the pictures stands for. */
function recount(rows) {
  const whole = !anyFilter();
  const counted = {};
  const tally = (name, id) => ((counted[name] ??= new Map()).set(id, (counted[name].get(id) ?? 0) + 1));
  const grid = document.querySelector("table.matrix");
  const [down, across] = grid ? [+grid.dataset.rows, +grid.dataset.columns] : [0, 0];
  const names = ["bin", "place", "attacker", "target", "source", "type", "attribution"];
  for (const row of whole ? [] : rows) {
    for (const name of names) for (const id of new Set(entries(name, row))) tally(name, id);
    if (!grid) continue;
    for (const a of new Set(entries("attacker", row)))
      for (const t of new Set(entries("target", row))) tally("pair", `${Math.min(a, down)}-${Math.min(t, across)}`);
  }
  const left = (name, id, all) => (whole ? all : counted[name]?.get(id) ?? 0);
  const size = (shape, values) => Object.entries(values).forEach(([name, value]) => shape.setAttribute(name, value));

  for (const picture of document.querySelectorAll("svg.timeline")) {
    const { most, base, tall } = picture.dataset;
    picture.querySelectorAll(".bar").forEach((bar, id) => {
      const [all, now] = [bar.querySelector(".all"), bar.querySelector(".now")];
      const high = whole ? +all.getAttribute("height") : (tall * left("bin", id, 0)) / most;
      size(now, { height: high, y: base - high });
    });
  }
  for (const dot of document.querySelectorAll("svg.map .pick")) {
    const all = +dot.querySelector(".all").getAttribute("r");
    const events = left("place", +dot.dataset.id, 0), most = +dot.ownerSVGElement.dataset.most;
    size(dot.querySelector(".now"), { r: whole ? all : events && 3 + 19 * Math.sqrt(events / most) });
  }
  for (const list of document.querySelectorAll(".facet")) {
    for (const button of list.querySelectorAll("button")) {
      const number = button.querySelector(".n");
      button.dataset.all ??= number.textContent.replaceAll(",", "");
      const { facet, id, all } = button.dataset;
      const events = left(facet, +id, +all);
      number.textContent = count(events);
      size(button.querySelector(".now"), { width: (100 * events) / (list.dataset.most || 1) });
      button.setAttribute("aria-pressed", String(state.facets.get(facet) === +id));
    }
  }
  for (const cell of grid ? grid.querySelectorAll("td[data-row]") : []) {
    const held = cell.firstChild;
    cell.dataset.all ??= held.textContent.replaceAll(",", "") || "0";
    const events = left("pair", `${cell.dataset.row}-${cell.dataset.column}`, +cell.dataset.all);
    held.textContent = events ? count(events) : held.tagName === "BUTTON" ? "0" : "";
    if (cell.className !== "rest") cell.className = `t${Math.ceil((5 * Math.min(events, +grid.dataset.most)) / grid.dataset.most)}`;
  }
}

async function update(keepPage = false) {
  const mine = ++turn;
  if (!keepPage) state.page = 0;
  byId("now").textContent = say("working");
  const rows = await filtered(() => mine === turn);
  if (!rows || mine !== turn) return;
  drawn = rows;
  recount(rows);
  chips();
  await turnTo(state.page, mine);
}

/** Show one page of the rows that pass. */
async function turnTo(page, mine = ++turn) {
  const pages = Math.max(1, Math.ceil(drawn.length / SIZE));
  state.page = Math.min(Math.max(0, page), pages - 1);
  const table = await tableOf(drawn.slice(state.page * SIZE, (state.page + 1) * SIZE));
  if (mine !== turn) return;
  byId("rows").replaceChildren(drawn.length ? table : make("p", {}, say("nothing")));
  byId("now").textContent = say("now", { n: count(drawn.length), all: count(facts.number.length) });
  const step = (key, by) => make("button", { type: "button", data: { step: by }, disabled: state.page + by < 0 || state.page + by >= pages }, say(key));
  const place = make("span", {}, say("page", { n: count(state.page + 1), all: count(pages) }));
  byId("pager").replaceChildren(step("previous", -1), place, step("next", 1));
  byId("pager").hidden = pages === 1;
}

function chips() {
  const found = [...state.facets].map(([name, id]) => [name, facetName(name, id)]);
  if (state.numbers) found.push(["numbers", say("numbers")]);
  const buttons = found.map(([name, text]) =>
    make("button", { type: "button", className: "chip", data: { drop: name } }, make("bdi", {}, text), " ×"));
  if (anyFilter()) buttons.push(make("button", { type: "button", className: "chip", data: { drop: "" } }, say("clear")));
  byId("chips").replaceChildren(...buttons);
}

function toggle(name, id) {
  if (state.facets.get(name) === id) state.facets.delete(name); else state.facets.set(name, id);
}

function readForm() {
  const value = (name) => form.elements[name].value;
  state.find = value("find");
  state.from = value("from") ? ordinal(value("from")) : 0;
  state.to = value("to") ? ordinal(value("to")) : 0;
  state.least = Number(value("least")) || 0;
  state.score = Number(value("score")) || 0;
  state.order = value("order");
}

function drop(name) {
  if (name === "numbers" || !name) state.numbers = null;
  if (name) { state.facets.delete(name); return; }
  state.facets.clear();
  form.reset();
  readForm();
}

function choose(event) {
  const at = event.target.closest("[data-facet], .bar, [data-row], [data-numbers], [data-drop], [data-step]");
  if (!at) return;
  const { facet, id, bin, row, column, numbers, drop: gone, step } = at.dataset;
  if (step) {
    turnTo(state.page + Number(step)).then(() => {
      byId("table").scrollIntoView();
      (byId("pager").querySelector(`[data-step="${step}"]:enabled`) ?? byId("pager").querySelector("button:enabled"))?.focus();
    });
    return;
  }
  if (facet) toggle(facet, +id);
  else if (bin) toggle("bin", +bin);
  else if (row) {
    if (!event.target.closest("button")) return;
    const same = state.facets.get("attacker") === +row && state.facets.get("target") === +column;
    for (const [name, number] of [["attacker", +row], ["target", +column]])
      if (same) state.facets.delete(name); else state.facets.set(name, number);
  } else if (numbers) {
    drop("");
    state.numbers = new Set(numbers.split(",").map(Number));
    byId("table").scrollIntoView();
  } else drop(gone);
  update();
}

function speak(into) {
  language = into;
  document.documentElement.lang = into;
  document.documentElement.dir = into === "ar" ? "rtl" : "ltr";
  for (const element of document.querySelectorAll("[data-say]")) {
    const values = Object.entries(element.dataset).filter(([name]) => name.startsWith("v-") || /^v[A-Z]/.test(name));
    const plain = Object.fromEntries(values.map(([name, value]) => [name.replace(/^v-?/, "").toLowerCase(), value]));
    element.textContent = say(element.dataset.say, plain);
  }
  byId("other").textContent = say("other");
}

async function open() {
  phrases = await unpack(byId("phrases").textContent);
  facts = await unpack(byId("facts").textContent);
  facts.facetNumbers = Object.fromEntries(Object.entries(facts.facets)
    .map(([name, values]) => [name, facts.texts.map((text) => values.indexOf(text))]));
  byId("other").hidden = false;
  byId("other").addEventListener("click", () => { speak(language === "ar" ? "en" : "ar"); if (form) update(true); });
  if (!form) return;
  form.hidden = false;
  let waiting;
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(() => { readForm(); update(); }, 200); });
  form.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("click", choose);
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.target.closest("input, select")) { event.preventDefault(); form.elements.find.focus(); }
    if (event.key === "Escape" && event.target.closest("input")) { drop(""); update(); }
  });
  await update();
}

if (typeof DecompressionStream === "undefined") byId("old")?.removeAttribute("hidden");
else open();
