// What the page says, in Arabic and English. `say(key, values)` gives one phrase; `{name}` in it is a value.

const PHRASES = {
  skip: ["إلى النتيجة", "Skip to the result"],
  motto: ["من هاجم من، وكم أصيب، وأين، ومن قال", "who attacked whom, how many were hit, where, and who says so"],
  other: ["English", "العربية"],
  report: ["نص الخبر", "News report"],
  paste: ["الصق هنا نص خبر عربي، أو أسقط ملفاً نصياً", "Paste an Arabic news report here, or drop a text file"],
  read: ["استخرج الأحداث", "Find events"],
  stop: ["أوقف", "Stop"],
  open: ["افتح ملفاً", "Open a file"],
  sample: ["مثال", "Example"],
  clear: ["امسح", "Clear"],
  date: ["تاريخ الخبر", "Date of the report"],
  when: ["الزمن", "when"],
  attribution: ["نسبة الفعل", "attribution"],
  "attribution.claimed": ["تبناه منفذه", "claimed"],
  "attribution.accused": ["اتهام", "alleged"],
  "attribution.denied": ["نُفي", "denied"],
  unresolved: ["غير محدد", "not resolved"],
  size: ["{words} كلمة", "{words} words"],
  reading: ["تجري القراءة…", "Reading…"],
  found: ["{events}، {time} ثانية", "{events} in {time} s"],
  eventsNone: ["لا أحداث", "no events"],
  eventsOne: ["حدث واحد", "1 event"],
  eventsTwo: ["حدثان", "2 events"],
  eventsFew: ["{n} أحداث", "{n} events"],
  eventsMany: ["{n} حدثاً", "{n} events"],
  result: ["النتيجة", "Result"],
  events: ["الأحداث", "Events"],
  all: ["كل الأحداث", "All events"],
  legend: ["الأدوار", "Roles"],
  textLabel: ["نص الخبر وفيه ما وُجد", "The report with what was found"],
  cards: ["بطاقات الأحداث", "Event cards"],
  keys: [
    "حدّد كلمات بالفأرة أو اضغط وسماً لتصحّح. بلوحة المفاتيح: السهمان بين الكلمات، ومعهما Shift للتحديد أو Ctrl للقفز بين الأوسام، وEnter للتصحيح، و1–6 للأدوار، وDelete للحذف.",
    "Select words or click a mark to correct. By keyboard: arrows move by word, with Shift they select, with Ctrl they go from mark to mark; Enter corrects, 1–6 set the role, Delete removes.",
  ],
  none: ["لا يروي هذا النص هجوماً.", "No attack is told in this text."],
  noneHint: [
    "إن كان فيه هجوم لم يُر فحدّد الكلمة التي تسميه واختر «الحدث».",
    "If one was missed, select the word that names it and choose “trigger”.",
  ],
  undo: ["تراجع", "Undo"],
  save: ["نزّل المصحَّح", "Download corrected"],
  saveTitle: ["تنزيل المستند", "Download the document"],
  saveHint: ["سطر JSON واحد بصيغة adwar، يقبله: adwar data check", "One line of adwar’s JSON Lines; adwar data check accepts it"],
  docId: ["المعرّف", "Identifier"],
  docTitle: ["العنوان (اختياري)", "Title (optional)"],
  download: ["نزّل", "Download"],
  close: ["أغلق", "Close"],
  noId: ["المعرّف ناقص.", "The identifier is missing."],
  unnamed: [
    "الحدث {n}: لا كلمة تسميه. حدّد الكلمة في النص واختر «الحدث»، أو احذف الحدث.",
    "Event {n}: no word names it. Select that word in the text and choose “trigger”, or delete the event.",
  ],
  looseKept: [
    "{n} من الأوسام لا تخص حدثاً، فلن تُنزّل.",
    "Marks that belong to no event, and so will not be in the file: {n}.",
  ],
  saved: ["نُزّل {file}", "Downloaded {file}"],
  leave: ["ستضيع تصحيحاتك. أتقرأ النص من جديد؟", "Your corrections will be lost. Read anew?"],
  caution: [
    "قراءة آلية تخطئ، ومصادرها قد تخطئ: ارجع إلى النص.",
    "A machine’s reading makes mistakes, and its sources may: go by the text.",
  ],
  editor: ["تصحيح", "Correction"],
  inEvent: ["في الحدث", "in event"],
  addTo: ["أضف إلى حدث…", "add to event…"],
  newEvent: ["حدث جديد", "new event"],
  sameEvents: ["الأحداث نفسها ({list})", "the same events ({list})"],
  leaveEvent: ["أخرجه من الحدث {n}", "remove from event {n}"],
  remove: ["احذف الوسم", "Delete mark"],
  removeEvent: ["احذف الحدث {n}", "Delete event {n}"],
  score: ["الدرجة", "score"],
  byHand: ["بيدك", "by hand"],
  fromNoun: ["مأخوذ من الاسم", "read off the noun"],
  unlinked: ["بلا حدث", "in no event"],
  event: ["الحدث {n}", "Event {n}"],
  eventList: ["الأحداث {list}", "events {list}"],
  noTrigger: ["لا كلمة تسميه", "no word names it"],
  type: ["نوع الحدث {n}", "Type of event {n}"],
  tokenAsked: ["هذه الخدمة تطلب رمز دخول:", "This service asks for a token:"],
  tokenGive: ["أرسل", "Send"],
  empty: ["الصق خبراً أولاً.", "Paste a report first."],
  stopped: ["أُوقفت.", "Stopped."],
  tooLong: ["النص طويل: {chars} حرفاً، والحد {limit}.", "The text is too long: {chars} characters; {limit} are read."],
  busy: ["الخدمة مشغولة؛ أعد المحاولة بعد {seconds} ثانية.", "The service is busy; try again in {seconds} s."],
  late: ["لم تكتمل القراءة في وقتها.", "It was not read in time."],
  refused: ["رفضت الخدمة الطلب ({status}): {detail}", "The service refused ({status}): {detail}"],
  away: ["لا جواب من الخدمة.", "The service does not answer."],
  wrongToken: ["رمز الدخول غير صحيح.", "The token is not right."],
  cp1256: ["قُرئ الملف بترميز ويندوز العربي.", "The file was read as Windows Arabic (CP1256)."],
  table: ["{reports} خبراً، {events}: نُزّل الجدول.", "Reports: {reports}; {events}. The table was downloaded."],
  kind: ["ملفات ‎.txt و‎.jsonl و‎.csv فقط.", "Only .txt, .jsonl and .csv files."],
  "role.trigger": ["الحدث", "trigger"],
  "role.attacker": ["المهاجم", "attacker"],
  "role.target": ["الهدف", "target"],
  "role.count": ["العدد", "count"],
  "role.location": ["المكان", "location"],
  "role.source": ["المصدر", "source"],
  "type.airstrike": ["غارة جوية", "airstrike"],
  "type.shelling": ["قصف", "shelling"],
  "type.bombing": ["تفجير", "bombing"],
  "type.shooting": ["إطلاق نار", "shooting"],
  "type.clash": ["اشتباك", "clash"],
  "type.kidnapping": ["خطف", "kidnapping"],
  "type.execution": ["إعدام", "execution"],
  "type.stabbing": ["طعن", "stabbing"],
  "type.arson": ["إحراق", "arson"],
  "type.other": ["غير ذلك", "other"],
  "kind.killed": ["قتلى", "killed"],
  "kind.wounded": ["جرحى", "wounded"],
  "kind.taken": ["مخطوفون", "taken"],
  "kind.destroyed": ["مدمَّر", "destroyed"],
  "kind.casualties": ["ضحايا", "casualties"],
  about: ["نحو {n}", "about {n}"],
  atLeast: ["{n} أو أكثر", "{n} or more"],
  atMost: ["{n} أو أقل", "{n} or fewer"],
  between: ["{low}–{high}", "{low}–{high}"],
};

const KEPT = "adwar.language";
let column = 0;

/** "ar" or "en". */
export const language = () => (column === 0 ? "ar" : "en");

export function say(key, values = {}) {
  const phrase = PHRASES[key][column];
  return phrase.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/** "3 events" as each language counts. */
export function sayEvents(n) {
  const rest = n % 100;
  const form = n === 0 ? "None" : n === 1 ? "One" : n === 2 ? "Two" : rest >= 3 && rest <= 10 ? "Few" : "Many";
  return say(`events${form}`, { n });
}

/** The number that a count tells, as it was read: "9 killed", "about 20 wounded". */
export function sayAmount({ value, min, max, approximate, kind }) {
  if (value === undefined) return "";
  let said = "";
  if (min !== null && min === max) said = String(min);
  else if (min !== null && max !== null) said = say("between", { low: min, high: max });
  else if (min !== null) said = say("atLeast", { n: min });
  else if (max !== null) said = say("atMost", { n: max });
  else if (value !== null) said = approximate ? say("about", { n: value }) : String(value);
  return `${said} ${say(`kind.${kind}`)}`.trim();
}

/** The language kept from the last visit, else the browser's. */
export function firstLanguage() {
  let kept = null;
  try {
    kept = localStorage.getItem(KEPT);
  } catch {
    // storage may be forbidden; the browser's language will do
  }
  return kept === "ar" || kept === "en" ? kept : navigator.language.startsWith("ar") ? "ar" : "en";
}

/** Turn the page to `chosen`: its direction and every element that names a phrase. */
export function speak(chosen) {
  column = chosen === "ar" ? 0 : 1;
  document.documentElement.lang = chosen;
  document.documentElement.dir = chosen === "ar" ? "rtl" : "ltr";
  for (const element of document.querySelectorAll("[data-say]")) element.textContent = say(element.dataset.say);
  for (const element of document.querySelectorAll("[data-hint]")) element.placeholder = say(element.dataset.hint);
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", say(element.dataset.label));
  }
  try {
    localStorage.setItem(KEPT, chosen);
  } catch {
    // as above
  }
}
