// The page: from a pasted or dropped report to its frames, and the way back by corrections. See record.js for the state.

import { close, cursorTo, edit, wireText } from "./correct.js";
import { byId } from "./dom.js";
import { editing } from "./editor.js";
import { Points } from "./offsets.js";
import { fromPrediction, withoutEvent, withType } from "./record.js";
import { report, retell, tell, wireReport } from "./report.js";
import { forgetNames, wireSave } from "./save.js";
import { health } from "./service.js";
import { draw, light, look, mentionOf, show, told, view } from "./view.js";
import { firstLanguage, language, say, speak } from "./words.js";

let version = "";
let history = []; // earlier states, for undo
let unsaved = false;

// ── the report read ──

const act = {
  over: light,
  out: () => light([]),
  told: (key) => told(mentionOf(key)).join("; "),
  look: (index) => look(index),
  pick: (key) => {
    show(key);
    edit(mentionOf(key), change, true);
  },
  type: (index, type) => change(withType(view.state, index, type)),
  drop: (index) => change(withoutEvent(view.state, index)),
};

function change(next) {
  const stretch = editing();
  const active = document.activeElement;
  const card = active?.closest?.(".card")?.dataset.event;
  const place = stretch && byId("editor").contains(active) ? "text" : card === undefined ? null : "card";
  history.push(view.state);
  unsaved = true;
  view.state = next;
  redraw();
  if (stretch) cursorTo(stretch);
  // what had the focus is drawn anew: give it to what took its place
  if (place === "text") byId("text").focus({ preventScroll: true });
  if (place === "card") byId("cards").children[Math.min(card, view.state.events.length - 1)]?.querySelector("select")?.focus();
}

function redraw() {
  close();
  draw(act);
  byId("undo").disabled = !history.length;
}

function undo() {
  if (!history.length) return;
  view.state = history.pop();
  unsaved = history.length > 0;
  redraw();
}

function open(prediction) {
  view.points = new Points(prediction.text);
  view.state = fromPrediction(prediction);
  view.focus = null;
  history = [];
  unsaved = false;
  forgetNames();
  byId("result").hidden = false;
  redraw();
}

// ── wiring ──

function turn(to) {
  speak(to);
  byId("language").textContent = say("other");
  byId("language").lang = to === "ar" ? "en" : "ar";
  retell();
  if (view.state) redraw();
}

function wire() {
  byId("language").addEventListener("click", () => turn(language() === "ar" ? "en" : "ar"));
  byId("undo").addEventListener("click", undo);
  addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("textarea, input");
    if (event.code === "KeyZ" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !typing) {
      event.preventDefault(); // or the browser would undo the typing in the report as well
      undo();
    }
  });
  addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });
  wireReport({ open, mayLose: () => !unsaved || confirm(say("leave")) });
  wireText(change);
  const today = () => `report-${new Date().toISOString().slice(0, 19).replace(/[^0-9]/g, "")}`;
  wireSave(
    () => ({ name: report.name || today(), version, changes: history.length }),
    (file) => {
      unsaved = false;
      tell(() => say("saved", { file }));
    },
  );
}

wire();
turn(firstLanguage());
health().then(
  (found) => {
    version = found.version;
    report.limit = found.limits.max_chars;
    byId("version").textContent = `adwar ${found.version}`;
    byId("token-form").hidden = !found.token;
  },
  (error) => tell(() => error.message),
);
