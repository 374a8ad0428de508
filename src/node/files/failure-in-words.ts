/** Of a certificate whose authority must be named to Node first. */
export const unknownAuthority = 'the certificate is of an authority that Node does not know';

/** What the codes of Node's network and file errors mean to a person. */
const meanings: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'it is a folder, not a file',
  EACCES: 'access is not permitted',
  EPERM: 'access is not permitted',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was lost',
  EPIPE: 'the connection was lost',
  ENOTFOUND: 'no network, or the host name is not known',
  EAI_AGAIN: 'no network, or the host name is not known',
  ENETUNREACH: 'no network',
  EHOSTUNREACH: 'the host cannot be reached',
  ETIMEDOUT: 'no answer in time',
  UND_ERR_CONNECT_TIMEOUT: 'no answer in time',
  UND_ERR_HEADERS_TIMEOUT: 'no answer in time',
  UND_ERR_BODY_TIMEOUT: 'no answer in time',
  UND_ERR_SOCKET: 'the connection was lost',
  DEPTH_ZERO_SELF_SIGNED_CERT: unknownAuthority,
  SELF_SIGNED_CERT_IN_CHAIN: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownAuthority,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownAuthority,
  CERT_HAS_EXPIRED: 'the certificate has expired',
  CERT_NOT_YET_VALID: 'the certificate is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another host',
  ERR_SSL_WRONG_VERSION_NUMBER: 'what answers does not speak TLS',
};

/** The reason of a failure in a few words without a full stop, for the middle of a sentence. */
export function failureInWords(error: unknown): string {
  const causes = causesOf(error);
  for (const { code, name, statusCode } of causes) {
    if (typeof code === 'string' && Object.hasOwn(meanings, code)) return meanings[code];
    if (name === 'TimeoutError') return 'no answer in time';
    // The library's message for it holds the answer's whole text.
    if (typeof statusCode === 'number') return `the hub answered with status ${statusCode}`;
  }
  // `fetch` itself says no more than "fetch failed" or "terminated".
  const texts = causes.map(({ message }) => message).filter((message) => message !== 'fetch failed');
  if (texts[0] === 'terminated') return 'the connection was lost';
  const [line] = String(texts[0] ?? error).split('\n', 1);
  return line.slice(0, 200).replace(/[.\s]+$/, '');
}

/** An error, what caused it, and so on. */
export function causesOf(error: unknown): readonly Record<string, unknown>[] {
  const causes: Record<string, unknown>[] = [];
  for (let cause = error; cause !== undefined && causes.length < 5; cause = causes.at(-1)!['cause']) {
    causes.push(Object(cause) as Record<string, unknown>);
  }
  return causes;
}
