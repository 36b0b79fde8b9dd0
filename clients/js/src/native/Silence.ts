import type { ClientSettings } from "./ClientOptions.js";

/** Asks whether the broker is there when nothing has come for a while: browsers do not show a client the WebSocket's own pings. */
export class Silence {
  readonly #settings: ClientSettings;
  readonly #ask: () => void;
  #heardAt = 0;
  #cancel = () => {};

  constructor(settings: ClientSettings, ask: () => void) {
    this.#settings = settings;
    this.#ask = ask;
  }

  start(): void {
    this.heard();
    if (this.#settings.silenceMs > 0) {
      this.#wait(this.#settings.silenceMs);
    }
  }

  heard(): void {
    this.#heardAt = this.#settings.connection.clock.now();
  }

  stop(): void {
    this.#cancel();
  }

  #wait(milliseconds: number): void {
    this.#cancel = this.#settings.connection.clock.after(milliseconds, () => {
      const left = this.#heardAt + this.#settings.silenceMs - this.#settings.connection.clock.now();
      if (left > 0) {
        this.#wait(left);
        return;
      }

      // Ahead of the asking, which may end it all.
      this.#wait(this.#settings.silenceMs);
      this.#ask();
    });
  }
}
