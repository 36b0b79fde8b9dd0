import type { WebSocketConstructor, WebSocketLike } from "broker-client";

/** The other side of a socket, in the hands of a test. */
export class FakeSocket implements WebSocketLike {
  onopen: ((event: any) => void) | null = null;
  onmessage: ((event: any) => void) | null = null;
  onclose: ((event: any) => void) | null = null;
  onerror: ((event: any) => void) | null = null;

  /** What the client sent and the test has not looked at. */
  readonly sent: any[] = [];

  /** What the client closed with; null while it has not. */
  closedBy: number | null = null;
  isTerminated = false;

  constructor(readonly url: string) {}

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(code = 1005): void {
    this.closedBy = code;
  }

  terminate(): void {
    this.isTerminated = true;
  }

  open(): void {
    this.onopen?.({});
  }

  say(frame: unknown): void {
    this.sayText(JSON.stringify(frame));
  }

  sayText(data: unknown): void {
    this.onmessage?.({ data });
  }

  shut(code: number, reason = ""): void {
    this.onclose?.({ code, reason });
  }
}

/** Every socket that a client makes. */
export class FakeSockets {
  readonly all: FakeSocket[] = [];
  readonly WebSocket: WebSocketConstructor;

  constructor() {
    const all = this.all;
    this.WebSocket = class extends FakeSocket {
      constructor(url: string) {
        super(url);
        all.push(this);
      }
    };
  }

  get last(): FakeSocket {
    const socket = this.all.at(-1);
    if (socket === undefined) {
      throw new Error("the client has made no socket");
    }

    return socket;
  }
}
