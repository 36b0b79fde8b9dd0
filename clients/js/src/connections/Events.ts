import { callHandler } from "./callHandler.js";

/** Handlers by the name of what they wait for. */
export class Events<Map extends object> {
  readonly #handlers: { [Name in keyof Map]?: Set<(value: Map[Name]) => void> } = {};

  /** Returns what takes the handler away again. */
  on<Name extends keyof Map>(name: Name, handler: (value: Map[Name]) => void): () => void {
    const handlers = (this.#handlers[name] ??= new Set());
    handlers.add(handler);
    return () => handlers.delete(handler);
  }

  tell<Name extends keyof Map>(name: Name, value: Map[Name]): void {
    for (const handler of [...(this.#handlers[name] ?? [])]) {
      callHandler(handler, value);
    }
  }
}
