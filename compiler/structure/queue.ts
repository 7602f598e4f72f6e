/** First in, first out, in steps that do not grow with what waits: a lab has tens of thousands of conditions. */
export class Queue<T> {
  #items: (T | undefined)[] = [];
  #at = 0;

  push(item: T): void {
    this.#items.push(item);
  }

  next(): T | undefined {
    const item = this.#items[this.#at];
    if (this.#at < this.#items.length) this.#items[this.#at++] = undefined;
    if (this.#at === this.#items.length) {
      this.#items = [];
      this.#at = 0;
    }
    return item;
  }
}
