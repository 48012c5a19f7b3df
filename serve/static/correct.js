// Correcting by mouse, touch and keyboard: from what a person points at in the text to the editor, and back by undo.

import { byId } from "./dom.js";
import { closeEditor, editing, openEditor } from "./editor.js";
import { rangeOf, selectedPoints } from "./marks.js";
import { erased, KINDS, marked, owners } from "./record.js";
import { hideTip, light, mentionOf, show, showTip, told, view } from "./view.js";

const box = byId("text");
const DELAY = 350; // of a touch selection that still grows, in milliseconds
let own = 0; // when the page itself last changed the selection

/** Wire the text. `change(next)` takes the state that follows a correction. */
export function wireText(change) {
  let pressed = false;
  let timer = 0;
  box.addEventListener("pointerdown", () => {
    pressed = true;
    close();
  });
  addEventListener("pointerup", (event) => {
    if (!pressed) return;
    pressed = false;
    setTimeout(() => takeSelection(change) || takeMark(event.target.closest?.("mark"), change));
  });
  addEventListener("pointercancel", () => (pressed = false));
  document.addEventListener("selectionchange", () => {
    clearTimeout(timer); // fingers select with handles, after the pointer has gone up
    if (pressed || performance.now() - own < DELAY || !matchMedia("(any-pointer: coarse)").matches) return;
    timer = setTimeout(() => takeSelection(change), DELAY);
  });
  box.addEventListener("pointerover", ({ target, pointerType }) => {
    if (pointerType !== "touch") hover(target.closest("mark"));
  });
  box.addEventListener("pointerleave", () => hover(null));
  box.addEventListener("keydown", (event) => key(event, change));
  addEventListener("pointerdown", ({ target }) => {
    if (editing() && !target.closest("#editor, #text, #cards")) close();
  });
  byId("editor").addEventListener("keydown", (event) => {
    const digit = DIGIT.exec(event.code);
    if (!digit || event.target.tagName === "SELECT") return;
    event.preventDefault();
    byId("editor").querySelectorAll(".kind")[digit[1] - 1].click();
  });
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && editing()) {
      close();
      box.focus({ preventScroll: true });
    }
  });
}

/** Close the editor and forget what it was about. */
export function close() {
  closeEditor();
  CSS.highlights?.delete("pending");
}

function hover(mark) {
  if (mark) {
    light(mark.dataset.keys.split(" "));
    showTip(mark);
  } else {
    light([]);
    hideTip();
  }
}

function takeSelection(change) {
  const chosen = selectedPoints(box, view.points);
  const words = chosen && view.points.snap(...chosen);
  if (!words) return false;
  edit({ start: words[0], end: words[1] }, change);
  return true;
}

function takeMark(mark, change) {
  if (!mark || !box.contains(mark)) return;
  edit(mentionOf(mark.dataset.keys.split(" ")[0]), change);
}

/** Open the editor for {start, end}. */
export function edit({ start, end }, change, focus = false) {
  const range = rangeOf(box, view.points, start, end);
  if (window.Highlight) CSS.highlights.set("pending", new Highlight(range));
  const rects = range.getClientRects();
  const { points, state } = view;
  openEditor({ stretch: { start, end }, state, points, anchor: rects[rects.length - 1], preferred: view.focus, change, close });
  hideTip();
  if (focus) byId("editor").querySelector(".kind").focus();
}

// ── keyboard: the browser's own selection is the cursor, a word or a mention wide ──

const DIGIT = /^(?:Digit|Numpad)([1-6])$/;
let fixed = null; // the word from which Shift extends

function key(event, change) {
  const forward = event.key === "ArrowLeft" ? 1 : event.key === "ArrowRight" ? -1 : 0; // the text runs leftwards
  const digit = DIGIT.exec(event.code);
  const edited = editing();
  const here = edited ? [edited.start, edited.end] : selectedPoints(box, view.points);
  if (forward && event.ctrlKey) toMention(forward, here);
  else if (forward) toWord(forward, here, event.shiftKey);
  else if (event.key === "Enter" && here) editHere(here, change);
  else if (event.key === "Delete" && here) {
    change(erased(view.state, { start: here[0], end: here[1] }));
    choose(...here);
  } else if (digit && here && !event.ctrlKey && !event.altKey) markHere(here, KINDS[digit[1] - 1], change);
  else return;
  event.preventDefault();
}

function toWord(forward, here, extend) {
  const words = view.points.words();
  if (!words.length) return;
  const first = here ? view.points.wordAt(here[0]) : -1;
  const last = here ? view.points.wordAt(here[1] - 1) : -1;
  const clamp = (n) => Math.max(0, Math.min(words.length - 1, n));
  if (!extend || fixed === null || !here) {
    const next = clamp(here ? (forward > 0 ? last : first) + forward : forward > 0 ? 0 : words.length - 1);
    fixed = extend && here ? (forward > 0 ? first : last) : next;
    choose(words[Math.min(next, fixed)][0], words[Math.max(next, fixed)][1]);
    return;
  }
  const moving = clamp((last > fixed || (last === fixed && forward > 0) ? last : first) + forward);
  choose(words[Math.min(moving, fixed)][0], words[Math.max(moving, fixed)][1]);
}

function toMention(forward, here) {
  const { found } = view;
  const at = here ? here[0] : forward > 0 ? -1 : Infinity;
  const next = forward > 0 ? found.find((one) => one.start > at) : found.findLast((one) => one.start < at);
  if (next) choose(next.start, next.end);
}

function choose(start, end) {
  const range = rangeOf(box, view.points, start, end);
  own = performance.now();
  getSelection().removeAllRanges();
  getSelection().addRange(range);
  close();
  const mention = view.found.find((one) => one.start < end && start < one.end);
  light(mention ? [mention.key] : []);
  if (mention) {
    show(mention.key);
    showTip(view.elements.get(mention.key)[0]);
  } else {
    hideTip();
    range.startContainer.parentElement?.closest("mark, .text")?.scrollIntoView?.({ block: "nearest" });
  }
  const said = mention ? `: ${told(mention).join("; ")}` : "";
  byId("spoken").textContent = view.points.slice(start, end) + said;
}

/** The mention that holds the cursor, else the cursor's own words. */
function stretchAt([start, end]) {
  const inside = view.found.find((one) => one.start <= start && end <= one.end);
  return inside ?? { start, end };
}

function editHere(here, change) {
  edit(stretchAt(here), change, true);
}

function markHere(here, kind, change) {
  const stretch = stretchAt(here);
  const into = owners(view.state, stretch);
  const event = into.length ? into : [view.focus ?? 0];
  change(marked(view.state, { start: stretch.start, end: stretch.end }, kind, event));
  choose(stretch.start, stretch.end);
}

/** Put the cursor on {start, end} again, as after a redraw. */
export function cursorTo(stretch) {
  choose(stretch.start, stretch.end);
}
