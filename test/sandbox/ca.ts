/** The test's own certificate authority. It is made anew every time; nothing of it is kept in the repository. */
import { generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { makeCertificate, pem } from './pki/certificates.ts';
import type { CertificateRequest } from './pki/certificates.ts';

export interface TestCa {
  /** PEM of the CA's certificate: what a client must trust (`ca` of `https.Agent`, NODE_EXTRA_CA_CERTS). */
  readonly certificatePem: string;
  readonly certificateDer: Buffer;
  /** Certificate and key of a server at localhost, 127.0.0.1 and ::1; the certificate's PEM has the CA behind it. */
  readonly server: { readonly certificatePem: string; readonly privateKeyPem: string };
  /** Certificate and key of a server with other names or dates (`otherName.example`, expired). */
  serverFor(options: { dnsNames: readonly string[]; notBefore?: number; notAfter?: number }): TestCa['server'];
  /** Signs a certificate for any public key. DER. */
  issue(request: CertificateRequest): Buffer;
}

const day = 86_400;

/** Makes a CA and a server certificate for localhost, valid from yesterday for 90 days. EC keys: a few milliseconds. */
export function createTestCa(): TestCa {
  const now = Math.floor(Date.now() / 1000);
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const certificateDer = makeCertificate(
    {
      subject: 'CN=Client Certificate Guide Sandbox CA',
      publicKey: keys.publicKey,
      notBefore: now - day,
      notAfter: now + 90 * day,
      ca: true,
      keyUsage: ['keyCertSign', 'cRLSign'],
    },
    { key: keys.privateKey },
  );
  const issue = (request: CertificateRequest): Buffer =>
    makeCertificate(request, { key: keys.privateKey, certificate: certificateDer });
  const serverFor: TestCa['serverFor'] = (options) => {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const der = issue({
      subject: `CN=${options.dnsNames[0] ?? 'localhost'}`,
      publicKey: pair.publicKey,
      notBefore: options.notBefore ?? now - day,
      notAfter: options.notAfter ?? now + 90 * day,
      keyUsage: ['digitalSignature'],
      extendedKeyUsage: ['1.3.6.1.5.5.7.3.1'],
      alternativeNames: {
        dnsNames: options.dnsNames,
        ipAddresses: options.dnsNames.includes('localhost') ? ['127.0.0.1', '::1'] : [],
      },
    });
    return {
      certificatePem: pem('CERTIFICATE', der) + pem('CERTIFICATE', certificateDer),
      privateKeyPem: keyPem(pair.privateKey),
    };
  };
  return {
    certificatePem: pem('CERTIFICATE', certificateDer),
    certificateDer,
    server: serverFor({ dnsNames: ['localhost'] }),
    serverFor,
    issue,
  };
}

const keyPem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();
