/** Waits for a promise that the device keeps when it is done. */
export type Wait = <T>(promise: Promise<T>) => Promise<T>;

/** As a browser does it. */
export const justAwait: Wait = (promise) => promise;
