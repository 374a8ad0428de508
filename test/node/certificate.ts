import { generate } from 'selfsigned';

/** A key and a certificate, in PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** A certificate for localhost that is its own authority. */
export async function selfSigned(): Promise<Certificate> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }]);
  return { key, cert };
}
