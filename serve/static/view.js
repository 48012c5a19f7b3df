// What is on the screen of one read report: the text, the cards, the strip of events, and what lights up when.

import { drawCards, keysOf } from "./cards.js";
import { byId, isolated, make } from "./dom.js";
import { drawText } from "./marks.js";
import { KINDS, mentions } from "./record.js";
import { say, sayAmount } from "./words.js";

const box = byId("text");
const tip = byId("tip");

/** `points`, `state` and `focus` (the number of the event looked at, or null) of the report on the screen. */
export const view = { points: null, state: null, focus: null, found: [], byKey: new Map(), elements: new Map() };

/** Draw all of `view`; `act` is what the cards and the strip call. */
export function draw(act) {
  const { points, state } = view;
  if (view.focus !== null && view.focus >= state.events.length) view.focus = null;
  view.found = mentions(state);
  view.byKey = new Map(view.found.map((mention) => [mention.key, mention]));
  view.elements = drawText(box, points, view.found, state.events.length > 1);
  drawCards(byId("cards"), state, points, act);
  drawLegend();
  drawStrip(act);
  dim();
}

function drawLegend() {
  const rows = KINDS.map((kind) => make("li", {}, make("span", { className: `swatch is-${kind}` }, say(`role.${kind}`))));
  byId("legend").replaceChildren(...rows);
}

function drawStrip(act) {
  const { points, state, focus } = view;
  const button = (label, index, ...more) => {
    const one = make("button", { type: "button", className: "event" }, label, ...more);
    one.setAttribute("aria-pressed", String(focus === index));
    one.addEventListener("click", () => act.look(index));
    return one;
  };
  const strip = [button(say("all"), null)];
  state.events.forEach((event, index) => {
    const named = event.trigger ? [" – ", isolated(points.slice(event.trigger.start, event.trigger.end))] : [];
    const number = make("b", {}, String(index + 1));
    strip.push(button(number, index, ` ${say(`type.${event.type}`)}`, ...named));
    if (!event.trigger) strip.at(-1).classList.add("lacking");
  });
  byId("events").replaceChildren(...(state.events.length ? strip : []));
}

/** Only the marks and the card of the event looked at stay bright. */
function dim() {
  const { state, focus, elements } = view;
  const kept = focus === null ? null : new Set(keysOf(state.events[focus]));
  for (const [key, marks] of elements) for (const mark of marks) mark.classList.toggle("dim", kept !== null && !kept.has(key));
  for (const card of byId("cards").children) {
    const here = card.dataset.event === String(focus);
    card.classList.toggle("looked-at", here);
    card.classList.toggle("dim", focus !== null && !here);
  }
}

/** Look at one event, or at all (null): its card and its first mark come into view. */
export function look(index) {
  view.focus = index;
  dim();
  [...byId("events").children].forEach((one, place) => {
    one.setAttribute("aria-pressed", String(place === (index === null ? 0 : index + 1)));
  });
  if (index === null) return;
  byId("cards").children[index].scrollIntoView({ block: "nearest" });
  byId("events").children[index + 1].scrollIntoView({ block: "nearest", inline: "nearest" });
  const keys = new Set(keysOf(view.state.events[index]));
  const first = view.found.find((mention) => keys.has(mention.key));
  if (first) show(first.key);
}

/** Bring the mention into view, if it is not. */
export function show(key) {
  view.elements.get(key)?.[0]?.scrollIntoView({ block: "nearest" });
}

/** Light the marks of these mentions, and no others. */
export function light(keys) {
  for (const mark of box.querySelectorAll(".lit")) mark.classList.remove("lit");
  for (const key of keys) for (const mark of view.elements.get(key) ?? []) mark.classList.add("lit");
}

export const mentionOf = (key) => view.byKey.get(key);

/** What is known of a mention, in words: role, score, number read, events. */
export function told(mention) {
  const list = (numbers) => numbers.map((n) => n + 1).join("، ");
  return mention.parts.map(({ role, events, derived, span }) => {
    const facts = [say(`role.${role}`)];
    if (role === "count" && sayAmount(span)) facts.push(`= ${sayAmount(span)}`);
    if (derived) facts.push(say("fromNoun"));
    else facts.push(span.score === undefined ? say("byHand") : `${say("score")} ${span.score.toFixed(2)}`);
    if (!events.length) facts.push(say("unlinked"));
    else if (events.length === 1) facts.push(say("event", { n: events[0] + 1 }));
    else facts.push(say("eventList", { list: list(events) }));
    return facts.join(" · ");
  });
}

/** Show what is known of the mentions under `mark`. */
export function showTip(mark) {
  const lines = mark.dataset.keys.split(" ").flatMap((key) => told(mentionOf(key)));
  tip.replaceChildren(...lines.map((line) => make("p", {}, line)));
  tip.hidden = false;
  const spot = mark.getClientRects()[0];
  const room = document.documentElement.clientWidth;
  tip.style.left = `${Math.max(8, Math.min(spot.left, room - tip.offsetWidth - 8)) + scrollX}px`;
  const above = spot.top - tip.offsetHeight - 6;
  tip.style.top = `${(above > 0 ? above : spot.bottom + 6) + scrollY}px`;
}

export function hideTip() {
  tip.hidden = true;
}
