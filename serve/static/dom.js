// Building the page's parts. Text only ever enters as text: nothing here or elsewhere parses HTML.

/** An element with properties, and children that are nodes or strings. `data` and `aria` are objects. */
export function make(tag, properties = {}, ...children) {
  const { data = {}, aria = {}, ...rest } = properties;
  const element = document.createElement(tag);
  Object.assign(element, rest);
  Object.assign(element.dataset, data);
  for (const [name, value] of Object.entries(aria)) element.setAttribute(`aria-${name}`, value);
  element.append(...children);
  return element;
}

export const byId = (id) => document.getElementById(id);

const CONTROLS = { "\u202a": "LRE", "\u202b": "RLE", "\u202c": "PDF", "\u202d": "LRO", "\u202e": "RLO",
  "\u2066": "LRI", "\u2067": "RLI", "\u2068": "FSI", "\u2069": "PDI" };
const CONTROL = /([\u202a-\u202e\u2066-\u2069])/;

/** `text` as nodes. Characters that turn the direction of what follows stand alone in a box that shows their name, so
 * that they turn nothing; the text itself keeps them. */
export function textNodes(text) {
  return text.split(CONTROL).flatMap((part) => {
    if (part in CONTROLS) return [make("span", { className: "control", data: { name: CONTROLS[part] } }, part)];
    return part ? [document.createTextNode(part)] : [];
  });
}

/** `text` in a box of its own direction. */
export const isolated = (text) => make("bdi", {}, ...textNodes(text));

/** Hand `content` to the person as a file. */
export function offer(name, content, kind) {
  const url = URL.createObjectURL(new Blob([content], { type: kind }));
  const link = make("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
