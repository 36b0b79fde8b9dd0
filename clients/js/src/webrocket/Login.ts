/** Who the client is: in version 1 an access kind, in version 2 a user; each with its secret. */
export type Login = { access: "read-only" | "read-write"; secret: string } | { user: string; secret: string };
