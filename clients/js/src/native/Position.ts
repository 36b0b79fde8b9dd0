/** A place in a channel's stream. Opaque: it is handed back as it came, and its epoch never looked into or compared. */
export interface Position {
  readonly epoch: string;
  readonly offset: number;
}
