// The page: from a pasted or dropped report to its frames, and the way back by corrections. See record.js for the state.

import { close, cursorTo, edit, wireText } from "./correct.js";
import { byId, offer } from "./dom.js";
import { editing } from "./editor.js";
import { Points } from "./offsets.js";
import { fromPrediction, withoutEvent, withType } from "./record.js";
import { forgetNames, wireSave } from "./save.js";
import { extract, health, predict, Refused, textOf, useToken } from "./service.js";
import { draw, light, look, mentionOf, show, told, view } from "./view.js";
import { firstLanguage, language, say, sayEvents, speak } from "./words.js";

const SAMPLE = `قُتل تسعة مدنيين وأصيب نحو عشرين آخرين، مساء أمس الثلاثاء، في غارة جوية نفذتها طائرات حربية روسية على سوق شعبي وسط بلدة كفرزيتا بريف حماة الشمالي، وفق ما أفاد الدفاع المدني السوري.
وفي محافظة دير الزور، تبنى تنظيم "داعش" هجوماً بسيارة مفخخة استهدف حاجزاً لقوات سوريا الديمقراطية (SDF) عند مدخل مدينة البصيرة، ما أدى إلى مقتل جنديين وإصابة 12 آخرين بحسب مصدر عسكري.
وقال ناشطون إن مسلحين مجهولين أطلقوا النار على دورية للشرطة في الرقة.`;

const report = byId("report");
let history = []; // earlier states, for undo
let unsaved = false;
let running = null; // the AbortController of the request under way
let name = "";
let facts = { version: "", limits: { max_chars: Infinity } };
let status = () => "";

function tell(words) {
  status = words; // kept as a function, so that it changes language with the page
  byId("status").textContent = words();
}

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
  report.classList.add("small");
  report.scrollTop = 0;
  redraw();
}

// ── reading ──

async function work(task) {
  running = new AbortController();
  byId("read").textContent = say("stop");
  document.body.classList.add("busy");
  tell(() => say("reading"));
  try {
    await task(running.signal);
  } catch (error) {
    if (error.name === "AbortError") tell(() => say("stopped"));
    else if (!(error instanceof Refused)) throw error;
    else tell(() => error.message);
    if (error.status === 401) byId("token-form").hidden = false;
  } finally {
    running = null;
    byId("read").textContent = say("read");
    document.body.classList.remove("busy");
  }
}

function readReport() {
  if (running) {
    running.abort();
    return;
  }
  const text = report.value;
  const points = [...text].length;
  const limit = facts.limits.max_chars;
  if (!text.trim()) tell(() => say("empty"));
  else if (points > limit) tell(() => say("tooLong", { chars: points, limit }));
  else if (!unsaved || confirm(say("leave"))) {
    work(async (signal) => {
      const began = performance.now();
      const prediction = await predict(text, signal);
      const time = ((performance.now() - began) / 1000).toFixed(1);
      open(prediction);
      tell(() => say("found", { events: sayEvents(prediction.frames.length), time }));
    });
  }
}

async function takeFile(file) {
  const [, stem, kind] = /^(.*?)(?:\.([^.]*))?$/.exec(file.name);
  if (kind === "jsonl" || kind === "csv") {
    await work(async (signal) => {
      const { content, reports, events } = await extract(file, signal);
      offer(`${stem}-events.csv`, content, "text/csv");
      tell(() => say("table", { reports, events: sayEvents(events) }));
    });
  } else if (kind === "txt" || kind === undefined) {
    const { text, note } = await textOf(file);
    setReport(text, stem);
    tell(() => note);
    if (!note) readReport();
  } else tell(() => say("kind"));
}

function setReport(text, from = "") {
  report.value = text;
  name = from;
  count();
}

function count() {
  byId("size").textContent = say("size", { words: report.value.split(/\s+/u).filter(Boolean).length });
}

// ── wiring ──

function turn(to) {
  speak(to);
  byId("language").textContent = say("other");
  byId("language").lang = to === "ar" ? "en" : "ar";
  byId("status").textContent = status();
  count();
  if (view.state) redraw();
}

function wire() {
  byId("language").addEventListener("click", () => turn(language() === "ar" ? "en" : "ar"));
  byId("read").addEventListener("click", readReport);
  byId("open").addEventListener("click", () => byId("file").click());
  byId("file").addEventListener("change", ({ target }) => {
    if (target.files[0]) takeFile(target.files[0]);
    target.value = "";
  });
  byId("sample").addEventListener("click", () => {
    setReport(SAMPLE, "");
    readReport();
  });
  byId("clear").addEventListener("click", () => {
    setReport("");
    report.classList.remove("small");
    report.focus();
  });
  byId("undo").addEventListener("click", undo);
  byId("token-form").addEventListener("submit", (event) => {
    event.preventDefault();
    useToken(byId("token").value);
    byId("token-form").hidden = true;
    readReport();
  });
  report.addEventListener("input", count);
  report.addEventListener("focus", () => report.classList.remove("small"));
  addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("textarea, input");
    if (event.code === "KeyZ" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !typing) undo();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target === report) readReport();
  });
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => {
    const [file] = event.dataTransfer.files;
    if (!file) return; // dropped text goes where the browser puts it
    event.preventDefault();
    takeFile(file);
  });
  addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });
  wireText(change);
  const today = () => `report-${new Date().toISOString().slice(0, 19).replace(/[^0-9]/g, "")}`;
  wireSave(
    () => ({ name: name || today(), version: facts.version, changes: history.length }),
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
    facts = found;
    byId("version").textContent = `adwar ${found.version}`;
    byId("token-form").hidden = !found.token;
  },
  (error) => tell(() => error.message),
);
