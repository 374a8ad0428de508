/** A download cannot be, in words for the middle of a sentence. */
export class DownloadError extends Error {
  override name = 'DownloadError';

  /** @param remedy what a person can do, if it is not simply to try again where the network is better */
  constructor(
    message: string,
    readonly remedy?: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
