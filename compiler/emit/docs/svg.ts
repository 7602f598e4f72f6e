/** SVG as text: elements, and text that is only ever text. Widths are estimates, since no font is at hand. */

export type Attributes = Readonly<Record<string, string | number>>;

/** An element; children are SVG already. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const head = `<${name}${Object.entries(attributes).map(([key, value]) => ` ${key}="${xml(typeof value === 'number' ? number(value) : value)}"`).join('')}`;
  return children.length === 0 ? `${head}/>` : `${head}>${children.join('')}</${name}>`;
}

/** Text in a document or an attribute. What XML cannot hold at all becomes visible, and so do marks that turn text round. */
export function xml(text: string): string {
  if (/^[A-Za-z0-9 .,:/()_#-]*$/.test(text)) return text;
  return text
    .replace(/[\n\r\t\u0085\u2028\u2029]/g, ' ')
    .replace(/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu, '\ufffd')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function number(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** Generous, so that text stays inside its box in every common sans-serif font. */
export function textWidth(text: string, size: number): number {
  let units = 0;
  for (const character of text) units += NARROW.has(character) ? 0.36 : WIDE.has(character) ? 0.78 : character.codePointAt(0)! > 0x2e7f ? 1.05 : 0.6;
  return units * size;
}

const NARROW = new Set("iljt.,:;'|!() ");
const WIDE = new Set('ABCDEFGHIJKLMNOPQRSTUVWXYZmw@%');

/** The text, or its start and an ellipsis where it would be too wide. */
export function fit(text: string, size: number, width: number): string {
  if (textWidth(text, size) <= width) return text;
  const characters = [...text];
  while (characters.length > 0 && textWidth(`${characters.join('')}…`, size) > width) characters.pop();
  return `${characters.join('')}…`;
}
