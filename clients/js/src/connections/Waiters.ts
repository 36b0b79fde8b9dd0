/** Those who wait for one thing to happen. */
export class Waiters<T> {
  #all: { resolve(value: T): void; reject(error: Error): void }[] = [];

  wait(): Promise<T> {
    return new Promise((resolve, reject) => this.#all.push({ resolve, reject }));
  }

  resolve(value: T): void {
    this.#all.splice(0).forEach((waiter) => waiter.resolve(value));
  }

  reject(error: Error): void {
    this.#all.splice(0).forEach((waiter) => waiter.reject(error));
  }
}
