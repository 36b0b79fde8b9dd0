/** Calls a handler of the program's. A fault of the handler's is not the connection's: it is reported as one that nobody caught. */
export function callHandler<T>(handler: (value: T) => void, value: T): void {
  try {
    handler(value);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
