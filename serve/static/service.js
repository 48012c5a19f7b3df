// Talking to the service: /predict for a text, /extract for a file, and what each refusal means in words.

import { say } from "./words.js";

let token = "";

export function useToken(given) {
  token = given.trim();
}

/** A refusal in the person's words; `status` 401 asks for a token. */
export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function ask(path, options) {
  let answer;
  const headers = { ...options.headers, ...(token ? { authorization: `Bearer ${token}` } : {}) };
  try {
    answer = await fetch(path, { ...options, headers, credentials: "omit", referrerPolicy: "no-referrer" });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused(0, say("away"));
  }
  if (answer.ok) return answer;
  throw new Refused(answer.status, await explain(answer));
}

async function explain(answer) {
  if (answer.status === 401) return say(token ? "wrongToken" : "tokenAsked");
  if (answer.status === 503) return say("busy", { seconds: answer.headers.get("retry-after") ?? 5 });
  if (answer.status === 504) return say("late");
  let { detail } = await answer.json().catch(() => ({ detail: "" }));
  if (Array.isArray(detail)) detail = detail.map((one) => one.msg).join("; ");
  return say("refused", { status: answer.status, detail });
}

/** What the service says of itself: version, limits, whether it asks for a token. */
export async function health() {
  return (await ask("/health", {})).json();
}

/** The prediction of one text; `date` is its own ("2017-09-05"), or "". */
export async function predict(text, date, signal) {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify(date ? { text, date } : { text });
  const answer = await ask("/predict", { method: "POST", headers, body, signal });
  return (await answer.json()).predictions[0];
}

/** The event table of a file: its bytes, and how many reports and events it holds. */
export async function extract(file, signal) {
  const body = new FormData();
  body.append("file", file, file.name);
  const answer = await ask("/extract", { method: "POST", body, signal });
  const count = (name) => Number(answer.headers.get(`x-adwar-${name}`));
  return { content: await answer.blob(), reports: count("reports"), events: count("events") };
}

/** The text of a file, whichever of three encodings it has, and a word about it where it is not UTF-8. */
export async function textOf(file) {
  const raw = new Uint8Array(await file.arrayBuffer());
  const wide = raw[0] === 0xff && raw[1] === 0xfe ? "utf-16le" : raw[0] === 0xfe && raw[1] === 0xff ? "utf-16be" : null;
  if (wide) return { text: new TextDecoder(wide).decode(raw), note: "" };
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(raw), note: "" };
  } catch {
    return { text: new TextDecoder("windows-1256").decode(raw), note: say("cp1256") };
  }
}
