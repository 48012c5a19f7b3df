// Offsets and words. The service counts code points; JavaScript strings count UTF-16 units, where an emoji is two.
// `Points` turns one into the other; `words` cuts a text exactly as adwar's own rule does (data/schema.py).

const MARKS =
  "\\u0300-\\u036f\\u0610-\\u061a\\u0640\\u064b-\\u065f\\u0670\\u06d6-\\u06dc\\u06df-\\u06e8\\u06ea-\\u06ed" +
  "\\u08d3-\\u08ff\\u061c\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2069\\ufe00-\\ufe0f\\ufe20-\\ufe2f\\ufeff\\u00ad";
const LETTER = "\\p{L}\\p{Nl}\\p{No}";
// What Python calls white space; JavaScript's \s differs in a handful of characters.
const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const WORD = new RegExp(`(?:\\p{Nd}[${MARKS}]*)+|[${LETTER}${MARKS}]+|[^${SPACE}]`, "gu");

/** The code points of one text and where each begins in UTF-16 units. */
export class Points {
  constructor(text) {
    this.text = text;
    const units = [];
    for (let unit = 0; unit < text.length; ) {
      units.push(unit);
      unit += text.codePointAt(unit) > 0xffff ? 2 : 1;
    }
    units.push(text.length);
    this.units = units;
  }

  /** How many code points the text has. */
  get length() {
    return this.units.length - 1;
  }

  /** The UTF-16 offset of code point `point`. */
  unit(point) {
    return this.units[point];
  }

  /** The code point that holds UTF-16 offset `unit`. */
  point(unit) {
    let low = 0;
    let high = this.units.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.units[middle] <= unit) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The text from code point `start` to `end`. */
  slice(start, end) {
    return this.text.slice(this.units[start], this.units[end]);
  }

  /** [start, end) of every word and every lone mark, in code points, in order. */
  words() {
    if (!this.held) {
      this.held = [];
      for (const match of this.text.matchAll(WORD)) {
        this.held.push([this.point(match.index), this.point(match.index + match[0].length)]);
      }
    }
    return this.held;
  }

  /** Index of the first word that ends behind `point` (the number of words if there is none). */
  wordAt(point) {
    const words = this.words();
    let low = 0;
    let high = words.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (words[middle][1] > point) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** The whole words that [start, end) touches, as [start, end); null where it touches none. */
  snap(start, end) {
    const words = this.words();
    const first = this.wordAt(start);
    let last = first;
    if (first >= words.length || words[first][0] >= end) return null;
    while (last + 1 < words.length && words[last + 1][0] < end) last += 1;
    return [words[first][0], words[last][1]];
  }
}
