// The annotated report: events and their spans, in code points, and every correction as a function from one state to
// the next (so that undoing is keeping the old one). Obeys adwar's schema: a mention bears one role, none overlap.
// A mark `derived` is a number that the model read off a noun: it is shown, but it is no span of its own.

export const ROLES = ["attacker", "target", "count", "location", "source"];
export const KINDS = ["trigger", ...ROLES];
export const TYPES = ["airstrike", "shelling", "bombing", "shooting", "clash", "kidnapping", "execution", "stabbing",
  "arson", "other"];

const same = (a, b) => a.start === b.start && a.end === b.end;
const meets = (a, b) => a.start < b.end && b.start < a.end;
const inOrder = (a, b) => a.start - b.start || a.end - b.end;

/** The state that a prediction begins with. */
export function fromPrediction(prediction) {
  const events = prediction.frames.map((frame) => {
    const { type, score, trigger, date, attribution } = frame;
    const event = { type, score, trigger, date, attribution, derived: [] };
    for (const role of ROLES) event[role] = [...frame[role]];
    event.derived = event.count.filter((c) => event.target.some((t) => same(c, t)));
    event.count = event.count.filter((c) => !event.derived.includes(c));
    return event;
  });
  const linked = events.flatMap((event) => ROLES.flatMap((role) => event[role]));
  const loose = prediction.spans.filter((span) => !linked.some((other) => same(span, other)));
  return { events, loose };
}

/** Every stretch of text that is marked: its offsets, and for each role the events it serves, its score, its reading. */
export function mentions(state) {
  const found = new Map();
  const add = (span, role, event, derived = false) => {
    const key = `${span.start}-${span.end}`;
    if (!found.has(key)) found.set(key, { key, start: span.start, end: span.end, parts: [] });
    const { parts } = found.get(key);
    let part = parts.find((one) => one.role === role);
    if (!part) parts.push((part = { role, events: [], derived, span }));
    if (event !== null && !part.events.includes(event)) part.events.push(event);
  };
  state.events.forEach((event, index) => {
    if (event.trigger) add(event.trigger, "trigger", index);
    for (const role of ROLES) for (const span of event[role]) add(span, role, index);
    for (const span of derivedOf(event)) add(span, "count", index, true);
  });
  for (const span of state.loose) add(span, span.role, null);
  return [...found.values()].sort(inOrder);
}

/** The numbers read off nouns that still are targets of `event`. */
export function derivedOf(event) {
  return event.derived.filter((c) => event.target.some((t) => same(c, t)));
}

/** Events that use the stretch or one that overlaps it. */
export function owners(state, stretch) {
  return state.events.flatMap((event, index) => (spansOf(event).some((s) => meets(s, stretch)) ? [index] : []));
}

function spansOf(event) {
  return [...(event.trigger ? [event.trigger] : []), ...ROLES.flatMap((role) => event[role])];
}

function mapEvents(state, change) {
  return { ...state, events: state.events.map((event, index) => change({ ...event }, index)) };
}

/** Without any mark that overlaps `stretch`. */
export function erased(state, stretch) {
  const kept = mapEvents(state, (event) => {
    if (event.trigger && meets(event.trigger, stretch)) event.trigger = null;
    for (const role of ROLES) event[role] = event[role].filter((span) => !meets(span, stretch));
    return event;
  });
  return { ...kept, loose: state.loose.filter((span) => !meets(span, stretch)) };
}

/** `stretch` as `kind` in the events numbered `into`; what overlaps it gives way. An index past the end opens a new
 * event. Marking anew the very same words with the same role keeps their score. */
export function marked(state, stretch, kind, into) {
  const before = mentions(state).find((one) => same(one, stretch));
  const part = before?.parts.find((one) => one.role === kind && !one.derived);
  const span = part ? part.span : { start: stretch.start, end: stretch.end };
  const bare = erased(state, stretch);
  const next = { ...bare, events: [...bare.events] };
  if (into.some((index) => index >= next.events.length)) next.events.push(blankEvent());
  return mapEvents(next, (event, index) => {
    if (!into.includes(index)) return event;
    if (kind === "trigger") event.trigger = span;
    else event[kind] = [...event[kind], span].sort(inOrder);
    return event;
  });
}

function blankEvent() {
  const event = { type: "other", score: null, trigger: null, date: null, attribution: null, derived: [] };
  for (const role of ROLES) event[role] = [];
  return event;
}

/** `stretch` no longer in event `index`, elsewhere as before. */
export function released(state, stretch, index) {
  return mapEvents(state, (event, number) => {
    if (number !== index) return event;
    if (event.trigger && same(event.trigger, stretch)) event.trigger = null;
    for (const role of ROLES) event[role] = event[role].filter((span) => !same(span, stretch));
    return event;
  });
}

export function withType(state, index, type) {
  return mapEvents(state, (event, number) => (number === index ? { ...event, type } : event));
}

export function withoutEvent(state, index) {
  return { ...state, events: state.events.filter((_, number) => number !== index) };
}

/** Numbers (from 0) of the events that no word names: such a document would be refused. */
export function unnamed(state) {
  return state.events.flatMap((event, index) => (event.trigger ? [] : [index]));
}

/** One line of adwar's JSON Lines. */
export function toLine(state, points, { id, title, meta }) {
  const plain = (s) => ({ start: s.start, end: s.end, text: points.slice(s.start, s.end) });
  const events = state.events.map((event) => {
    const held = { type: event.type, trigger: event.trigger ? plain(event.trigger) : null };
    for (const role of ROLES) held[role] = event[role].map(plain);
    return held;
  });
  return JSON.stringify({ id, title, text: points.text, events, meta }) + "\n";
}
