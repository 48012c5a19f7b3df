// The corrected document as a file: asked for its id, held back while adwar would refuse it.

import { byId, make, offer } from "./dom.js";
import { toLine, unnamed } from "./record.js";
import { say } from "./words.js";
import { view } from "./view.js";

const dialog = byId("save");

/** Wire the dialog. `about()` gives {name, version, changes}; `done(file)` is called when the file is out. */
export function wireSave(about, done) {
  byId("save-open").addEventListener("click", () => {
    byId("doc-id").value ||= about().name;
    tell();
    dialog.showModal();
  });
  byId("doc-id").addEventListener("input", tell);
  byId("download").addEventListener("click", () => {
    if (tell()) return;
    const id = byId("doc-id").value.trim();
    const file = `${id.replace(/[^\p{L}\p{N}._-]+/gu, "_").slice(0, 80)}.jsonl`;
    const meta = { made_with: `adwar ${about().version}`, changes_by_hand: about().changes };
    const title = byId("doc-title").value.trim();
    offer(file, toLine(view.state, view.points, { id, title, meta }), "application/x-ndjson");
    dialog.close();
    done(file);
  });
}

/** Show what stands in the way; true if something does. */
function tell() {
  const lacking = unnamed(view.state).map((index) => say("unnamed", { n: index + 1 }));
  if (!byId("doc-id").value.trim()) lacking.unshift(say("noId"));
  const notes = view.state.loose.length ? [say("looseKept", { n: view.state.loose.length })] : [];
  const rows = [...lacking.map((text) => make("li", { className: "fault" }, text)), ...notes.map((text) => make("li", {}, text))];
  byId("faults").replaceChildren(...rows);
  byId("download").disabled = lacking.length > 0;
  return lacking.length > 0;
}

/** A new report: what was typed for the last one goes. */
export function forgetNames() {
  byId("doc-id").value = "";
  byId("doc-title").value = "";
}
