/** What Node's X509Certificate does not tell: key usage and extended key usage. */
import { X509Certificate } from 'node:crypto';
import { keyUsageBits } from './certificates.ts';
import { children, oidText, readElement } from './der.ts';

export interface CertificateUsages {
  /** Names of RFC 5280. */
  readonly keyUsage: string[];
  /** Dotted OIDs. */
  readonly extendedKeyUsage: string[];
}

export function certificateUsages(der: Buffer): CertificateUsages {
  const fields = children(children(readElement(der).body)[0]?.body ?? Buffer.alloc(0));
  const list = fields.find(({ tag }) => tag === 0xa3);
  const usages: CertificateUsages = { keyUsage: [], extendedKeyUsage: [] };
  for (const extension of list === undefined ? [] : children(readElement(list.body).body)) {
    const parts = children(extension.body);
    const name = oidText(parts[0]?.body ?? Buffer.alloc(0));
    const value = readElement(parts.at(-1)?.body ?? Buffer.from([5, 0]));
    if (name === '2.5.29.37') usages.extendedKeyUsage.push(...children(value.body).map(({ body }) => oidText(body)));
    if (name === '2.5.29.15') {
      usages.keyUsage.push(
        ...keyUsageBits.filter((_, bit) => ((value.body[1 + (bit >> 3)] ?? 0) & (0x80 >> (bit & 7))) !== 0),
      );
    }
  }
  return usages;
}

/** notBefore and notAfter in whole seconds since the epoch. */
export function datesOf(der: Buffer): { notBefore: number; notAfter: number } {
  const certificate = new X509Certificate(der);
  return {
    notBefore: Math.floor(certificate.validFromDate.getTime() / 1000),
    notAfter: Math.floor(certificate.validToDate.getTime() / 1000),
  };
}

/** Whether subject and issuer are the same name. */
export function isSelfIssued(der: Buffer): boolean {
  const certificate = new X509Certificate(der);
  return certificate.subject === certificate.issuer;
}
