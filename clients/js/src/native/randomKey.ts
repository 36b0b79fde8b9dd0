/** 128 random bits in hexadecimal. Works where `crypto.randomUUID` does not: in pages that did not come over TLS. */
export function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
