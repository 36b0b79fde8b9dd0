/** What comes before it is asked for, in order: the inside of an async iterator. Bounded. */
export class Mailbox<T> implements AsyncIterableIterator<T> {
  readonly #limit: number;
  readonly #overflow: () => T;
  readonly #left: () => void;
  #items: T[] = [];
  #asking: { resolve(result: IteratorResult<T>): void; reject(error: Error): void }[] = [];
  #isEnded = false;
  #error: Error | null = null;

  /**
   * @param limit Items that wait at most.
   * @param overflow Says what stands for those that are thrown away when one more comes, and for that one.
   * @param left Called when whoever reads has had enough.
   */
  constructor(limit: number, overflow: () => T, left: () => void) {
    this.#limit = limit;
    this.#overflow = overflow;
    this.#left = left;
  }

  put(item: T): void {
    const asking = this.#asking.shift();
    if (asking !== undefined) {
      asking.resolve({ done: false, value: item });
    } else if (this.#items.length < this.#limit) {
      this.#items.push(item);
    } else {
      this.#items = [this.#overflow()];
    }
  }

  /** What has come is still read; after it the iteration ends, or throws. */
  end(error: Error | null): void {
    this.#isEnded = true;
    for (const asking of this.#asking.splice(0)) {
      if (error === null) {
        asking.resolve({ done: true, value: undefined });
      } else {
        asking.reject(error);
        error = null;
      }
    }

    this.#error = error;
  }

  next(): Promise<IteratorResult<T>> {
    const item = this.#items.shift();
    if (item !== undefined) {
      return Promise.resolve({ done: false, value: item });
    }

    if (this.#error !== null) {
      const error = this.#error;
      this.#error = null;
      return Promise.reject(error);
    }

    if (this.#isEnded) {
      return Promise.resolve({ done: true, value: undefined });
    }

    return new Promise((resolve, reject) => this.#asking.push({ resolve, reject }));
  }

  return(): Promise<IteratorResult<T>> {
    this.#items = [];
    this.end(null);
    this.#left();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
