export type Method = (...params: unknown[]) => unknown;

/** The function of that name that the object itself or its classes offer, and not what every object has; null for none. Names with `_` in front are for the caller to refuse. */
export function findMethod(methods: object, name: string): Method | null {
  if (name === "constructor") {
    return null;
  }

  for (let owner: object | null = methods; owner !== null && owner !== Object.prototype; owner = Object.getPrototypeOf(owner)) {
    const value = Object.getOwnPropertyDescriptor(owner, name)?.value;
    if (typeof value === "function") {
      return value as Method;
    }
  }

  return null;
}
