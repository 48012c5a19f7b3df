// The upper part of the page: a report pasted, opened or dropped, sent to the service, and what the service said.

import { byId, offer } from "./dom.js";
import { extract, predict, Refused, textOf, useToken } from "./service.js";
import { say, sayEvents } from "./words.js";

const SAMPLE = `قُتل تسعة مدنيين وأصيب نحو عشرين آخرين، مساء أمس الثلاثاء، في غارة جوية نفذتها طائرات حربية روسية على سوق شعبي وسط بلدة كفرزيتا بريف حماة الشمالي، وفق ما أفاد الدفاع المدني السوري.
وفي محافظة دير الزور، تبنى تنظيم "داعش" هجوماً بسيارة مفخخة استهدف حاجزاً لقوات سوريا الديمقراطية (SDF) عند مدخل مدينة البصيرة، ما أدى إلى مقتل جنديين وإصابة 12 آخرين بحسب مصدر عسكري.
وقال ناشطون إن مسلحين مجهولين أطلقوا النار على دورية للشرطة في الرقة.`;

const box = byId("report");
let request = null; // the AbortController of the one under way
let status = () => "";
let hooks = null;

/** The name of the file that the report came from, and how many characters the service takes. */
export const report = { name: "", limit: Infinity };

/** Show what `words()` gives; it is asked again when the language changes. */
export function tell(words) {
  status = words;
  byId("status").textContent = words();
}

/** Say all of it again, in the language of now. */
export function retell() {
  byId("status").textContent = status();
  byId("read").textContent = say(request ? "stop" : "read");
  count();
}

async function work(task) {
  request = new AbortController();
  byId("read").textContent = say("stop");
  document.body.classList.add("busy");
  tell(() => say("reading"));
  try {
    await task(request.signal);
  } catch (error) {
    if (error.name === "AbortError") tell(() => say("stopped"));
    else if (!(error instanceof Refused)) throw error;
    else tell(() => error.message);
    if (error.status === 401) byId("token-form").hidden = false;
  } finally {
    request = null;
    byId("read").textContent = say("read");
    document.body.classList.remove("busy");
  }
}

function readReport() {
  if (request) {
    request.abort();
    return;
  }
  const text = box.value;
  const points = [...text].length;
  const limit = report.limit;
  if (!text.trim()) tell(() => say("empty"));
  else if (points > limit) tell(() => say("tooLong", { chars: points, limit }));
  else if (hooks.mayLose()) {
    work(async (signal) => {
      const began = performance.now();
      const prediction = await predict(text, byId("date").value, signal);
      const time = ((performance.now() - began) / 1000).toFixed(1);
      hooks.open(prediction);
      box.classList.add("small");
      box.scrollTop = 0;
      tell(() => say("found", { events: sayEvents(prediction.frames.length), time }));
    });
  }
}

async function takeFile(file) {
  if (request) return;
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
  box.value = text;
  report.name = from;
  count();
}

function count() {
  byId("size").textContent = say("size", { words: box.value.split(/\s+/u).filter(Boolean).length });
}

/** Wire buttons, files and keys. `open(prediction)` takes a reading, `mayLose()` asks before corrections are lost. */
export function wireReport(given) {
  hooks = given;
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
    byId("date").value = "";
    box.classList.remove("small");
    box.focus();
  });
  byId("token-form").addEventListener("submit", (event) => {
    event.preventDefault();
    useToken(byId("token").value);
    byId("token-form").hidden = true;
    readReport();
  });
  box.addEventListener("input", count);
  box.addEventListener("focus", () => box.classList.remove("small"));
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) readReport();
  });
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => {
    const [file] = event.dataTransfer.files;
    if (!file) return; // dropped text goes where the browser puts it
    event.preventDefault();
    takeFile(file);
  });
}
