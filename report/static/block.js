// The page's data: facts (columns) at once, sentences a block of rows at a time, when they are shown or searched.
"use strict";

const BLOCK = 500;

async function unpack(text) {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(plain).json();
}

const sentences = {
  packed: [...document.querySelectorAll("script.sentences")],
  held: new Map(),
  folded: new Map(),
  block(number) {
    if (!this.held.has(number)) this.held.set(number, unpack(this.packed[number].textContent));
    return this.held.get(number);
  },
  /** The sentences of a row: lists that alternate text and letters of roles. */
  async of(row) {
    return (await this.block(Math.floor(row / BLOCK)))[row % BLOCK];
  },
  /** The sentences of every row, folded, a block at a time; `lives` says whether anybody still waits for them. */
  async search(lives, each) {
    for (let number = 0; number < this.packed.length && lives(); number++) {
      if (!this.folded.has(number)) {
        const block = await this.block(number);
        this.folded.set(number, block.map((row) => fold(row.map((s) => s.filter((_, i) => i % 2 === 0).join("")).join(" "))));
      }
      this.folded.get(number).forEach((text, at) => each(number * BLOCK + at, text));
      if (number % 20 === 19) await new Promise((go) => setTimeout(go)); // let the keyboard through
    }
  },
};

const MARKS = /[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u08d3-\u08ff\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
const LETTERS = Object.fromEntries([..."أإآٱؤئىیېةھہکڪ"].map((c, i) => [c, [..."ااااوييييهههكك"][i]]));

/** One spelling for comparing, as the Python side folds names: no marks, one alif, digits as ASCII. */
const fold = (text) => text.normalize("NFKC").replace(/\u0627\u064b|\u064b\u0627/g, "").replace(MARKS, "")
  .replace(/[أإآٱؤئىیېةھہکڪ]/g, (c) => LETTERS[c])
  .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (c) => String((c.codePointAt(0) - 0x660) % 0x90 % 10)).toLowerCase();
