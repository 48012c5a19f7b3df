// The report's text with its marks: from a state to elements, from a browser selection to code points and back.

import { make, textNodes } from "./dom.js";
import { say } from "./words.js";

/** Fill `box` with the text, every mention in a <mark> of its own direction. Returns the marks by mention key. */
export function drawText(box, points, found, several) {
  const edges = [...new Set([0, points.length, ...found.flatMap((m) => [m.start, m.end])])].sort((a, b) => a - b);
  const elements = new Map(found.map((mention) => [mention.key, []]));
  const pieces = [];
  let open = [];
  let next = 0;
  edges.forEach((start, index) => {
    const end = edges[index + 1];
    if (end === undefined) return;
    open = open.filter((mention) => mention.end > start);
    while (next < found.length && found[next].start === start) open.push(found[next++]);
    const text = points.slice(start, end);
    if (!open.length) {
      pieces.push(...textNodes(text));
      return;
    }
    const mark = drawMark(text, open, end, several);
    for (const mention of open) elements.get(mention.key).push(mark);
    pieces.push(mark);
  });
  box.replaceChildren(...pieces);
  return elements;
}

function drawMark(text, open, end, several) {
  const parts = open.flatMap((mention) => mention.parts);
  const roles = [...new Set(parts.map((part) => part.role))];
  const events = [...new Set(parts.flatMap((part) => part.events))].sort((a, b) => a - b);
  const mark = make("mark", { data: { keys: open.map((mention) => mention.key).join(" ") } }, ...textNodes(text));
  mark.classList.add(...roles.map((role) => `is-${role}`));
  if (roles.length > 1) mark.classList.add("shared-words");
  if (!events.length) mark.classList.add("loose");
  if (open.some((mention) => mention.end === end)) {
    const names = roles.map((role) => say(`role.${role}`)).join(" + ");
    mark.dataset.tag = several && events.length ? `${names} ${events.map((n) => n + 1).join("·")}` : names;
  }
  return mark;
}

/** The browser's selection inside `box` as [start, end) in code points, or null. Only text counts, no labels. */
export function selectedPoints(box, points) {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  if (!range.intersectsNode(box)) return null;
  const inside = document.createRange();
  inside.selectNodeContents(box);
  if (range.compareBoundaryPoints(Range.START_TO_START, inside) > 0) {
    inside.setStart(range.startContainer, range.startOffset);
  }
  if (range.compareBoundaryPoints(Range.END_TO_END, inside) < 0) inside.setEnd(range.endContainer, range.endOffset);
  const before = document.createRange();
  before.selectNodeContents(box);
  before.setEnd(inside.startContainer, inside.startOffset);
  const start = before.toString().length;
  const end = start + inside.toString().length;
  return start < end ? [points.point(start), points.point(end - 1) + 1] : null;
}

/** A browser range over code points [start, end) of the text drawn in `box`. */
export function rangeOf(box, points, start, end) {
  const range = document.createRange();
  const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
  const [first, last] = [points.unit(start), points.unit(end)];
  let passed = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const length = node.data.length;
    if (first >= passed && first < passed + length) range.setStart(node, first - passed);
    if (last > passed && last <= passed + length) {
      range.setEnd(node, last - passed);
      break;
    }
    passed += length;
  }
  return range;
}
