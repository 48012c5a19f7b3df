// The panel for one stretch of text: which role it has, which events it serves, or that it is nothing.
// It decides nothing: every button calls `change(next, said)` with the state that follows.

import { byId, isolated, make } from "./dom.js";
import { erased, KINDS, marked, mentions, owners, released } from "./record.js";
import { say } from "./words.js";

const panel = byId("editor");
let current = null;

/** What the panel is about now: {start, end}, or null. */
export const editing = () => (panel.hidden ? null : current);

export function closeEditor() {
  panel.hidden = true;
  current = null;
}

/** Show the panel for `stretch` under `anchor` (a DOMRect). `preferred`: the event that is looked at, or null. */
export function openEditor({ stretch, state, points, anchor, preferred, change, close }) {
  current = stretch;
  const mention = mentions(state).find((one) => one.start === stretch.start && one.end === stretch.end);
  const part = mention?.parts.find((one) => !one.derived);
  const choice = part ? null : eventChoice(state, points, owners(state, stretch), preferred);
  const roles = KINDS.map((kind, index) => {
    const button = make("button", { type: "button", className: `kind is-${kind}`, data: { kind } });
    button.setAttribute("aria-pressed", String(part?.role === kind));
    button.append(say(`role.${kind}`), make("kbd", { aria: { hidden: "true" } }, String(index + 1)));
    button.addEventListener("click", () => change(marked(state, stretch, kind, targets(part, choice, state))));
    return button;
  });
  const shut = make("button", { type: "button", className: "quiet shut", aria: { label: say("close") } }, "✕");
  shut.addEventListener("click", close);
  const head = make("header", {}, make("q", {}, isolated(short(points.slice(stretch.start, stretch.end)))), shut);
  const rows = [head, make("div", { className: "kinds", role: "group" }, ...roles)];
  if (choice) rows.push(make("label", { className: "row" }, say("inEvent"), choice));
  if (part) rows.push(membership({ part, stretch, state, points, change }));
  if (mention) {
    const remove = make("button", { type: "button", className: "danger" }, say("remove"));
    remove.addEventListener("click", () => change(erased(state, stretch)));
    rows.push(make("div", { className: "row" }, remove));
  }
  panel.replaceChildren(...rows);
  panel.hidden = false;
  place(anchor);
}

/** The events that a role button marks into: those the mention has, else the chosen one, else a new one. */
function targets(part, choice, state) {
  const chosen = choice ? choice.value.split(",").map(Number) : part.events;
  return chosen.length ? chosen : [state.events.length];
}

function eventChoice(state, points, replaced, preferred) {
  const select = make("select", { className: "event-choice" });
  if (replaced.length > 1) {
    const list = replaced.map((index) => index + 1).join("، ");
    select.append(make("option", { value: replaced.join(",") }, say("sameEvents", { list })));
  }
  state.events.forEach((event, index) => select.append(eventOption(event, index, points)));
  select.append(make("option", { value: String(state.events.length) }, say("newEvent")));
  const guess = replaced.length > 1 ? replaced.join(",") : (replaced[0] ?? preferred ?? 0);
  select.value = String(guess);
  return select;
}

function eventOption(event, index, points) {
  const named = event.trigger ? ` – ${short(points.slice(event.trigger.start, event.trigger.end), 20)}` : "";
  return make("option", { value: String(index) }, `${index + 1} ${say(`type.${event.type}`)}${named}`);
}

function membership({ part, stretch, state, points, change }) {
  const row = make("div", { className: "row" });
  for (const index of part.events) {
    const label = say("leaveEvent", { n: index + 1 });
    const button = make("button", { type: "button", title: label, aria: { label } }, `${say("event", { n: index + 1 })} ✕`);
    button.addEventListener("click", () => change(released(state, stretch, index)));
    row.append(button);
  }
  if (!part.events.length) row.append(make("span", { className: "faint" }, say("unlinked")));
  const add = make("select", { aria: { label: say("addTo") } }, make("option", { value: "" }, say("addTo")));
  state.events.forEach((event, index) => {
    if (!part.events.includes(index)) add.append(eventOption(event, index, points));
  });
  add.append(make("option", { value: String(state.events.length) }, say("newEvent")));
  add.addEventListener("change", () => {
    if (add.value) change(marked(state, stretch, part.role, [...part.events, Number(add.value)]));
  });
  row.append(add);
  return row;
}

function short(text, limit = 60) {
  const points = [...text];
  return points.length > limit ? `${points.slice(0, limit).join("")}…` : text;
}

/** Below the words, inside the window; narrow windows show it at their foot (page.css). */
function place(anchor) {
  const width = panel.offsetWidth;
  const room = document.documentElement.clientWidth;
  const left = Math.max(8, Math.min(anchor.left + anchor.width / 2 - width / 2, room - width - 8));
  panel.style.left = `${left + scrollX}px`;
  panel.style.top = `${anchor.bottom + scrollY + 8}px`;
  const top = panel.getBoundingClientRect().top;
  if (getComputedStyle(panel).position !== "fixed") panel.scrollIntoView({ block: "nearest" });
  else if (anchor.bottom > top) scrollBy(0, anchor.bottom - top + 16); // or the panel would hide what it is about
}
