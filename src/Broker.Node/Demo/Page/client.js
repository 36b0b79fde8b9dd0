// A small client of the native dialect (docs/native.md): calls, notifications, reconnecting with back-off, and recovery.

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 15_000;

/** What a call was refused with. */
export class Refused extends Error {
  constructor({ code, message, data }) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

/**
 * One connection that comes back by itself. Events: "open" once a socket is connected, "closed" with {code, reason, retryAt},
 * "notification" with {method, params}, "frame" with {direction, text}.
 */
export class Client extends EventTarget {
  #url;
  #socket = null;
  #calls = new Map();
  #lastId = 0;
  #failures = 0;
  #timer = 0;

  constructor(url) {
    super();
    this.#url = url;
  }

  connect() {
    clearTimeout(this.#timer);
    if (this.#socket !== null) {
      return;
    }

    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    socket.onopen = () => this.#tell("open");
    socket.onmessage = ({ data }) => this.#received(data);
    socket.onclose = ({ code, reason }) => this.#closed(code, reason);
  }

  /** Says that the connection is of use: the next failure is the first again. */
  settled() {
    this.#failures = 0;
  }

  /** Calls a method; resolves with its result, rejects with Refused, or with an Error when the connection is lost. */
  call(method, params = {}) {
    if (this.#socket?.readyState !== WebSocket.OPEN) {
      return Promise.reject(new Error("not connected"));
    }

    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#calls.set(id, { resolve, reject });
      const text = JSON.stringify({ jsonrpc: "2.0", id, method, params });
      this.#tell("frame", { direction: "out", text });
      this.#socket.send(text);
    });
  }

  #received(text) {
    this.#tell("frame", { direction: "in", text });
    const message = JSON.parse(text);
    if (message.method !== undefined) {
      this.#tell("notification", message);
      return;
    }

    const call = this.#calls.get(message.id);
    this.#calls.delete(message.id);
    if (message.error !== undefined) {
      call?.reject(new Refused(message.error));
    } else {
      call?.resolve(message.result);
    }
  }

  #closed(code, reason) {
    this.#socket = null;
    for (const { reject } of this.#calls.values()) {
      reject(new Error("connection lost"));
    }

    this.#calls.clear();

    // 3500 to 3999 mean: do not come back. The random part keeps a node's clients from coming back all at once.
    const isFinal = code >= 3500 && code < 4000;
    const delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** this.#failures++) * (0.5 + Math.random() / 2);
    this.#tell("closed", { code, reason, retryAt: isFinal ? null : Date.now() + delay });
    if (!isFinal) {
      this.#timer = setTimeout(() => this.connect(), delay);
    }
  }

  #tell(type, detail = null) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
