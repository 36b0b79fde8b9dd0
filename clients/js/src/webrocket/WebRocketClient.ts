import { callHandler } from "../connections/callHandler.js";
import type { ConnectionOptions } from "../connections/ConnectionOptions.js";
import { Events } from "../connections/Events.js";
import { type ClosedError, ConnectionLostError } from "../connections/errors.js";
import type { Loss } from "../connections/Loss.js";
import { ReconnectingSocket } from "../connections/ReconnectingSocket.js";
import { settleConnection, settleNumber } from "../connections/settle.js";
import { Waiters } from "../connections/Waiters.js";
import type { Login } from "./Login.js";
import { Replies } from "./Replies.js";
import { version1 } from "./version1.js";
import { version2 } from "./version2.js";
import { WebRocketError } from "./WebRocketError.js";
import type { WebRocketMessage } from "./WebRocketMessage.js";
import type { Action, WebRocketVersion } from "./WebRocketVersion.js";

/** Times are in milliseconds. */
export interface WebRocketOptions extends ConnectionOptions {
  /** The protocol's. Default 2. */
  version?: 1 | 2;

  /** Who the client is, on each connection. Default: nobody, until `authenticate`. */
  login?: Login;

  /** Time for a reply; after it the connection counts as lost, since replies have no ids. 1 or more. Default 30,000. */
  replyTimeoutMs?: number;

  /** Actions that may wait for their reply; one more is refused with a RangeError. 1 or more. Default 1,000. */
  maxPendingActions?: number;
}

export interface WebRocketEvents {
  /** Connected and logged in. `isAgain`: what was said meanwhile is missed, since the protocol has no recovery. */
  open: { isAgain: boolean };

  /** The connection is gone, or an attempt failed; another follows. */
  lost: Loss;

  /** The end. */
  closed: ClosedError;

  /** A channel could not be subscribed to again, and is not any more. */
  problem: Error;
}

/** A client of a WebRocket hub, in version 1 or 2 of its protocol. It comes back by itself, logs in and subscribes again. */
export class WebRocketClient {
  readonly #version: WebRocketVersion;
  readonly #maxPendingActions: number;
  readonly #socket: ReconnectingSocket;
  readonly #replies: Replies;
  readonly #events = new Events<WebRocketEvents>();
  readonly #opening = new Waiters<void>();
  readonly #handlers = new Map<string, (message: WebRocketMessage) => void>();
  #login: Login | null;
  #isReady = false;
  #hasBeenOpen = false;
  #closed: ClosedError | null = null;

  /** @param url The hub's, for instance `ws://localhost:9772/hub`, or a function that gives it anew for each attempt. */
  constructor(url: string | (() => string), options: WebRocketOptions = {}) {
    const settings = settleConnection(options);
    this.#version = options.version === 1 ? version1 : version2;
    this.#login = options.login ?? null;
    if (this.#login !== null) {
      this.#version.login(this.#login);
    }

    this.#maxPendingActions = settleNumber(options, "maxPendingActions", 1_000, 1);
    this.#replies = new Replies(settings.clock, settleNumber(options, "replyTimeoutMs", 30_000, 1), (error) => this.#socket.drop(error.message, error));
    this.#socket = new ReconnectingSocket(url, settings, {
      opened: () => this.#opened(),
      received: (text) => this.#received(text),
      lost: (loss) => {
        this.#isReady = false;
        this.#replies.failAll(new ConnectionLostError("the connection was lost before the reply", true));
        this.#events.tell("lost", loss);
      },
      closed: (error) => this.#ended(error),
    });
  }

  get isOpen(): boolean {
    return this.#isReady;
  }

  /** Returns what takes the handler away again. */
  on<Name extends keyof WebRocketEvents>(name: Name, handler: (value: WebRocketEvents[Name]) => void): () => void {
    return this.#events.on(name, handler);
  }

  /** Connects and logs in, and stays so until `close()`. Rejects with ClosedError when coming back would not help; a login that is refused is its `cause`. */
  open(): Promise<void> {
    if (this.#closed !== null) {
      return Promise.reject(this.#closed);
    }

    if (this.#isReady) {
      return Promise.resolve();
    }

    const opening = this.#opening.wait();
    this.#socket.open();
    return opening;
  }

  /**
   * Logs in as somebody else, on later connections too. This and all that follow reject with WebRocketError, TimeoutError, ClosedError, or
   * ConnectionLostError when there is no connection or it is lost before the reply; nothing is sent again.
   */
  async authenticate(login: Login): Promise<void> {
    return this.#act(this.#version.login(login), () => (this.#login = login), (error) => {
      if (error instanceof WebRocketError && error.code === this.#version.invalidCredentials) {
        this.#login = null;   // the server has forgotten whoever it was before
      }
    });
  }

  /** @param handler Gets what is said in the channel from now on, in order; instead of an earlier one. It may be called before the promise is resolved. */
  subscribe(channel: string, handler: (message: WebRocketMessage) => void): Promise<void> {
    const earlier = this.#handlers.get(channel);
    this.#handlers.set(channel, handler);
    return this.#act(this.#version.subscribe(channel), () => {}, () => {
      if (this.#handlers.get(channel) === handler) {
        this.#restore(channel, earlier);
      }
    });
  }

  unsubscribe(channel: string): Promise<void> {
    return this.#act(this.#version.unsubscribe(channel), () => this.#handlers.delete(channel));
  }

  /**
   * Says something in a channel that exists: one that somebody has subscribed to. In version 1 this is `publish`.
   *
   * @param data Left out of the message where it is undefined.
   */
  broadcast(channel: string, event: string, data?: unknown): Promise<void> {
    return this.#act(this.#version.broadcast({ event, channel, data }));
  }

  /** Is nobody from now on. Version 2 drops the subscriptions with it, version 1 keeps them as long as the connection. */
  logout(): Promise<void> {
    return this.#act(this.#version.logout(), () => {
      this.#login = null;
      if (this.#version.logoutUnsubscribes) {
        this.#handlers.clear();
      }
    });
  }

  /** Asks the server to close, and closes for good. */
  async disconnect(): Promise<void> {
    const action = this.#version.disconnect();
    if (action.success === null) {
      const objection = this.#objection();
      if (objection !== null) {
        throw objection;
      }

      this.#socket.send(JSON.stringify(action.frame));
    } else {
      await this.#act(action, () => void this.#socket.close());
    }

    await this.#socket.close();
  }

  /** Closes for good. What waits fails with ClosedError. Done when the connection is closed; nothing of the client's is left then. */
  close(): Promise<void> {
    return this.#socket.close();
  }

  #objection(): Error | null {
    return this.#closed ?? (this.#isReady ? null : new ConnectionLostError("not connected", false));
  }

  /** `done` and `failed` are called as the reply is read, ahead of what comes behind it. */
  #act(action: Action, done: () => unknown = () => {}, failed: (error: Error) => void = () => {}): Promise<void> {
    const objection = this.#objection() ?? (this.#replies.count < this.#maxPendingActions ? null : new RangeError(`${this.#maxPendingActions} actions wait for their reply, as many as may`));
    return new Promise((resolve, reject) => {
      const refused = (error: Error): void => {
        failed(error);
        reject(error);
      };
      if (objection !== null) {
        refused(objection);
        return;
      }

      this.#send(action, () => {
        done();
        resolve();
      }, refused);
    });
  }

  #send(action: Action, resolve: () => void, reject: (error: Error) => void): void {
    this.#replies.expect(action, resolve, reject);
    this.#socket.send(JSON.stringify(action.frame));
  }

  #opened(): void {
    if (this.#login === null) {
      this.#letIn();
      return;
    }

    this.#send(this.#version.login(this.#login), () => this.#letIn(), (error) => {
      if (error instanceof WebRocketError) {
        this.#socket.fail(error);
      }
    });
  }

  #letIn(): void {
    for (const channel of this.#handlers.keys()) {
      this.#send(this.#version.subscribe(channel), () => {}, (error) => {
        if (error instanceof WebRocketError) {
          this.#handlers.delete(channel);
          this.#events.tell("problem", error);
        }
      });
    }

    const isAgain = this.#hasBeenOpen;
    this.#hasBeenOpen = true;
    this.#isReady = true;
    this.#socket.settled();
    this.#opening.resolve();
    this.#events.tell("open", { isAgain });
  }

  #received(text: string): void {
    let frame: unknown;
    try {
      frame = JSON.parse(text);
    } catch {
      frame = null;
    }

    if (typeof frame !== "object" || frame === null || Array.isArray(frame)) {
      this.#socket.drop("what came is no frame");
      return;
    }

    // What a sender adds may look like a reply, but no reply has a channel and an event.
    if (isMessage(frame)) {
      callHandler(this.#handlers.get(frame.channel) ?? (() => {}), frame);
    } else {
      this.#replies.take(frame as { [name: string]: unknown });
    }
  }

  #restore(channel: string, handler: ((message: WebRocketMessage) => void) | undefined): void {
    if (handler === undefined) {
      this.#handlers.delete(channel);
    } else {
      this.#handlers.set(channel, handler);
    }
  }

  #ended(error: ClosedError): void {
    this.#closed = error;
    this.#isReady = false;
    this.#replies.failAll(error);
    this.#opening.reject(error);
    this.#events.tell("closed", error);
  }
}

function isMessage(frame: object): frame is WebRocketMessage {
  return "event" in frame && typeof (frame as { channel?: unknown }).channel === "string";
}
