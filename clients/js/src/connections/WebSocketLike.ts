/* What the clients use of a WebSocket; those of browsers, of Node.js from 22 on, and npm's `ws` have it. Events are `any`, since each of
   them declares classes of its own. */

export interface WebSocketLike {
  onopen: ((event: any) => void) | null;
  onmessage: ((event: any) => void) | null;
  onclose: ((event: any) => void) | null;
  onerror: ((event: any) => void) | null;
  send(text: string): void;
  close(code?: number, reason?: string): void;

  /** Ends the connection without a word; browsers do not have it. */
  terminate?(): void;
}

export type WebSocketConstructor = new (url: string) => WebSocketLike;
