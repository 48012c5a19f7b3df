// Which rows pass: the state of all filters is one value; columns are read by row number.

let facts; // the columns, see data_block.py
const ROLES = ["attacker", "target", "location", "source"];
const state = { find: "", from: 0, to: 0, least: 0, score: 0, order: "table", page: 0, facets: new Map(), numbers: null };

/** The ordinal of an ISO day as Python counts it. */
const ordinal = (iso) => Math.floor(Date.parse(`${iso}T00:00:00Z`) / 864e5) + 719163;

/** The numbers of a row in one facet: joined names, the place, the type. */
function entries(name, row) {
  if (name in facts.names) return facts[name][row].map((n) => facts.names[name][n][1]);
  if (name === "bin") return [binOf(row)];
  if (name === "place") return [facts.place[row]];
  return [facts.facetNumbers[name][facts[name][row]]];
}

function binOf(row) {
  const day = facts.day[row];
  if (!day || !facts.bins.length) return -1;
  let low = 0, high = facts.bins.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (day > facts.bins[middle][2]) low = middle + 1; else high = middle;
  }
  return low;
}

function passes(row) {
  const day = facts.day[row], killed = facts.killed[row];
  if (state.numbers && !state.numbers.has(facts.number[row])) return false;
  if (state.from && !(day >= state.from)) return false;
  if (state.to && !(day && day <= state.to)) return false;
  if (state.least && !(killed && killed[1] >= state.least)) return false;
  if (state.score && facts.score[row] < 100 * state.score) return false;
  for (const [name, id] of state.facets) if (!entries(name, row).includes(id)) return false;
  return true;
}

/** The words of a row that are searched beside its sentences. */
function wordsOf(row) {
  const [document, title] = facts.documents[facts.document[row]];
  const names = ROLES.flatMap((role) => facts[role][row].map((n) => facts.names[role][n][0]));
  return fold([document, title, facts.texts[facts.trigger[row]], facts.texts[facts.date[row]], ...names].join(" \n "));
}

const ORDERS = {
  newest: (a, b) => facts.day[b] - facts.day[a] || a - b,
  oldest: (a, b) => (facts.day[a] || 1e9) - (facts.day[b] || 1e9) || a - b,
  killed: (a, b) => (facts.killed[b] ? facts.killed[b][1] : -1) - (facts.killed[a] ? facts.killed[a][1] : -1) || a - b,
  score: (a, b) => facts.score[b] - facts.score[a] || a - b,
};

/** The rows that pass, in order; null if `lives` said meanwhile that nobody waits. */
async function filtered(lives) {
  let rows = [];
  for (let row = 0; row < facts.number.length; row++) if (passes(row)) rows.push(row);
  const words = fold(state.find).split(/\s+/).filter(Boolean);
  if (words.length) {
    const found = new Uint8Array(facts.number.length);
    await sentences.search(lives, (row, text) => {
      if (words.every((word) => text.includes(word))) found[row] = 1;
    });
    if (!lives()) return null;
    rows = rows.filter((row) => found[row] || (text => words.every((word) => text.includes(word)))(wordsOf(row)));
  }
  return state.order in ORDERS ? rows.sort(ORDERS[state.order]) : rows;
}

const anyFilter = () =>
  Boolean(state.find.trim() || state.from || state.to || state.least || state.score || state.facets.size || state.numbers);
