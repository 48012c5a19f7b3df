// Building the parts of the table. Text only ever enters as text: nothing here parses HTML.

let phrases, language = document.documentElement.lang;

function say(key, values = {}) {
  const pair = phrases[key];
  if (!pair) return key.replace(/^[a-z]+\./, "");
  return pair[language === "ar" ? 1 : 0].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

const count = (number) => number.toLocaleString("en-US");

function make(tag, properties = {}, ...children) {
  const { data = {}, aria = {}, ...rest } = properties;
  const element = document.createElement(tag);
  Object.assign(element, rest);
  Object.assign(element.dataset, data);
  for (const [name, value] of Object.entries(aria)) element.setAttribute(`aria-${name}`, value);
  element.append(...children);
  return element;
}

const MARK = { e: "trigger", a: "attacker", t: "target", c: "count", l: "location", s: "source" };

/** A sentence with its marks, each an isolate of its own; words with two roles carry both. */
function sentence(parts) {
  const line = make("p", { className: "ar", dir: "rtl", lang: "ar" });
  for (let at = 0; at < parts.length; at += 2) {
    const roles = [...parts[at + 1]].map((letter) => MARK[letter]).filter(Boolean);
    if (!roles.length) { line.append(parts[at]); continue; }
    const title = roles.map((role) => say(`role.${role}`)).join(" + ");
    const mark = make("mark", { className: `m ${roles.at(-1)}`, title }, parts[at]);
    // digits alone have no direction of their own; in the sentence they run as Arabic does
    mark.dir = /\p{L}/u.test(parts[at]) ? "auto" : "rtl";
    line.append(make("bdi", {}, mark));
  }
  return line;
}

/** Names as buttons that filter. */
function named(role, row) {
  const cell = make("span", { className: "names" });
  for (const number of facts[role][row]) {
    const [name, id] = facts.names[role][number];
    cell.append(make("button", { type: "button", className: "name", data: { facet: role, id } }, make("bdi", {}, name)));
  }
  return cell;
}

function dated(row) {
  const told = facts.texts[facts.date[row]];
  if (told) return make("bdi", { dir: "ltr" }, told.replace("/", " / "));
  const reported = facts.documents[facts.document[row]][2];
  return reported ? make("small", {}, say("reportDay", { n: reported })) : "";
}

function toll(kind, row) {
  const held = facts[kind][row];
  if (!held) return "";
  const cell = make("span", {}, make("b", { dir: "ltr" }, held[0]));
  if (held[2].length) cell.append(" ", make("small", { dir: "ltr" }, `(${held[2].join(", ")})`));
  return cell;
}

function report(row) {
  const [document, title] = facts.documents[facts.document[row]];
  return make("span", {}, make("bdi", { className: "id" }, document), " ", make("bdi", {}, title));
}

const COLUMNS = {
  date: dated,
  type: (row) => say(`type.${facts.texts[facts.type[row]]}`),
  attacker: (row) => named("attacker", row),
  target: (row) => named("target", row),
  location: (row) => named("location", row),
  killed: (row) => toll("killed", row),
  wounded: (row) => toll("wounded", row),
  source: (row) => named("source", row),
  attribution: (row) => say(`attribution.${facts.texts[facts.attribution[row]]}`),
  score: (row) => make("span", { dir: "ltr" }, (facts.score[row] / 100).toFixed(2)),
  document: report,
};

/** The table of some rows; each has its facts, and below them its sentences. */
async function tableOf(rows) {
  const head = make("tr", {}, ...Object.keys(COLUMNS).map((name) => make("th", { scope: "col" }, say(`col.${name}`))));
  const table = make("table", { className: "events" }, make("thead", {}, head));
  for (const row of rows) {
    const cells = Object.entries(COLUMNS).map(([name, read]) => {
      const held = read(row);
      const cell = make("td", { className: `c-${name}`, data: { label: say(`col.${name}`) } }, held);
      if (held === "" || !cell.textContent) cell.classList.add("none");
      return cell;
    });
    const lines = (await sentences.of(row)).map(sentence);
    const below = make("td", { colSpan: cells.length, className: "evidence" }, ...lines);
    table.append(make("tbody", {}, make("tr", {}, ...cells), make("tr", {}, below)));
  }
  return table;
}

/** What a facet's number is called. */
function facetName(name, id) {
  if (name === "bin") return facts.bins[id][0];
  if (name === "place") return facts.spots[id];
  if (name in facts.facets) return say(`${name}.${facts.facets[name][id]}`);
  return facts.names[name].find((pair) => pair[1] === id)?.[0] ?? "";
}
