// One card an event: its type, the word that names it, and for each role the mentions that fill it.

import { isolated, make } from "./dom.js";
import { derivedOf, ROLES, TYPES } from "./record.js";
import { say, sayAmount } from "./words.js";

/** Fill `box` with the cards of `state`. `act` has: over(keys), out(), told(key), pick(key), type(index, type),
 * drop(index). */
export function drawCards(box, state, points, act) {
  if (!state.events.length) {
    const hint = make("p", { className: "faint" }, say("noneHint"));
    box.replaceChildren(make("div", { className: "card none" }, make("p", {}, say("none")), hint));
    return;
  }
  box.replaceChildren(...state.events.map((event, index) => drawCard(event, index, points, act)));
}

/** Keys of all mentions of an event. */
export function keysOf(event) {
  const spans = [...(event.trigger ? [event.trigger] : []), ...ROLES.flatMap((role) => event[role])];
  return spans.map((span) => `${span.start}-${span.end}`);
}

function drawCard(event, index, points, act) {
  const number = index + 1;
  const card = make("article", { className: "card", data: { event: index } });
  card.setAttribute("aria-label", say("event", { n: number }));
  card.addEventListener("pointerenter", () => act.over(keysOf(event)));
  card.addEventListener("pointerleave", act.out);
  card.addEventListener("focusin", () => act.over(keysOf(event)));
  card.addEventListener("focusout", act.out);
  const rows = make("dl", {});
  rows.append(make("dt", {}, say("role.trigger")), triggerCell(event, points, act));
  for (const role of ROLES) {
    const chips = event[role].map((span) => chip(event, span, role, points, act));
    if (role === "count") chips.push(...derivedOf(event).map((span) => chip(event, span, role, points, act, true)));
    if (chips.length) rows.append(make("dt", {}, say(`role.${role}`)), make("dd", {}, ...chips));
  }
  if (event.date) {
    const day = event.date.value === null ? say("unresolved") : make("bdi", { dir: "ltr" }, event.date.value);
    rows.append(make("dt", {}, say("when")), make("dd", {}, make("span", {}, day), words([event.date])));
  }
  const { status, cues } = event.attribution ?? {};
  if (["claimed", "accused", "denied"].includes(status)) {
    const known = make("span", {}, say(`attribution.${status}`));
    rows.append(make("dt", {}, say("attribution")), make("dd", {}, known, words(cues)));
  }
  card.append(cardHead(event, index, act), rows);
  return card;
}

/** The words of the text that something was read off. */
function words(spans) {
  return make("small", { className: "faint" }, "(", ...spans.flatMap((span, n) => [n ? "، " : "", isolated(span.text)]), ")");
}

function cardHead(event, index, act) {
  const number = index + 1;
  const type = make("select", { aria: { label: say("type", { n: number }) } });
  for (const name of TYPES) type.append(make("option", { value: name, selected: name === event.type }, say(`type.${name}`)));
  type.addEventListener("change", () => act.type(index, type.value));
  const drop = make("button", { type: "button", className: "quiet drop", title: say("removeEvent", { n: number }) }, "✕");
  drop.setAttribute("aria-label", say("removeEvent", { n: number }));
  drop.addEventListener("click", () => act.drop(index));
  const number_ = make("span", { className: "number", aria: { hidden: "true" } }, String(number));
  const head = make("header", {}, number_, type, make("span", { className: "grow" }));
  if (event.score !== null) head.append(score(event.score));
  head.append(drop);
  return head;
}

function triggerCell(event, points, act) {
  if (event.trigger) return make("dd", {}, chip(event, event.trigger, "trigger", points, act));
  return make("dd", { className: "lacking" }, `⚠ ${say("noTrigger")}`);
}

function chip(event, span, role, points, act, derived = false) {
  const key = `${span.start}-${span.end}`;
  const button = make("button", { type: "button", className: `chip is-${role}`, title: act.told(key) });
  if (derived) {
    button.classList.add("derived");
    button.append(make("span", {}, `${sayAmount(span)} `), make("small", {}, `(${say("fromNoun")} `));
    button.append(make("small", {}, isolated(points.slice(span.start, span.end)), ")"));
  } else {
    button.append(isolated(span.name ?? points.slice(span.start, span.end)));
    if (role === "count" && sayAmount(span)) button.append(make("small", {}, ` = ${sayAmount(span)}`));
  }
  button.addEventListener("click", () => act.pick(key, button));
  button.addEventListener("pointerenter", () => act.over([key]));
  button.addEventListener("pointerleave", () => act.over(keysOf(event)));
  button.addEventListener("focus", () => act.over([key]));
  return button;
}

/** A score as a figure and a bar. */
export function score(value) {
  const shown = value.toFixed(2);
  const meter = make("meter", { min: 0, max: 1, value, aria: { hidden: "true" } });
  const words = make("span", { className: "unseen" }, `${say("score")} `);
  return make("span", { className: "score", title: `${say("score")} ${shown}` }, meter, words, shown);
}
