import assert from 'node:assert/strict';

import { openCredential, openPublic } from './credential.ts';
import { inspect } from './inspect.ts';
import { certificatePem } from './privateKeyPem.ts';
import { selfSigned } from './selfSigned.ts';
import { family, openssl, pair, read, rejection, write } from './testing/files.ts';

const flipped = (bytes: Uint8Array, at: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
};
const codes = async (bytes: Uint8Array): Promise<string[]> =>
  (await inspect(bytes)).problems.filter(({ severity }) => severity === 'error').map(({ code }) => code);

describe('a certificate that has changed since it was signed', function () {
  this.timeout(120_000);

  it('is refused as damaged wherever the change is, when it is self-signed', async () => {
    const made = await selfSigned({ subject: 'CN=app, O=Contoso' });
    const { length } = made.certificateDer;
    let invalid = 0;
    for (let at = 4; at < length; at += 5) {
      const changed = flipped(made.certificateDer, at);
      const key = { bytes: Buffer.from(made.privateKeyPkcs8) };
      const opened = await openCredential(changed, {}, key).catch((error: unknown) => error);
      // A change of the issuer or of the identifiers makes it one whose issuer is not at hand, of the algorithm one that is not known.
      if (!(opened instanceof Error)) {
        const { subject, issuer, signatureHash } = (opened as Awaited<ReturnType<typeof openCredential>>).description;
        const inIdentifier = at > length - 256 - 80;
        assert.ok(subject !== issuer || signatureHash !== 'SHA-256' || inIdentifier, `byte ${at}`);
        continue;
      }
      if ((await inspect(changed).catch(() => undefined))?.problems.some(({ code }) => code === 'signature-invalid'))
        invalid++;
    }
    assert.ok(invalid > 60, `${invalid} were told by their signature`);
    const broken = flipped(made.certificateDer, length - 1);
    assert.deepEqual(await codes(broken), ['signature-invalid']);
    assert.equal((await rejection(openPublic(broken))).code, 'damaged-file');
  });

  it('is told where its issuer is in the file', async () => {
    const { issuing, root } = family();
    openssl('req', '-new', '-key', 'app.key', '-subj', '/CN=leaf', '-out', 'leaf.csr');
    write('leaf.ext', 'subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n');
    write('caid.ext', 'basicConstraints=critical,CA:TRUE\nsubjectKeyIdentifier=hash\n');
    openssl(
      'x509',
      '-in',
      'issuing.pem',
      '-signkey',
      'issuing.key',
      '-extfile',
      'caid.ext',
      '-days',
      '9',
      '-out',
      'ca.pem',
    );
    const sign = ['x509', '-req', '-in', 'leaf.csr', '-CA', 'ca.pem', '-CAkey', 'issuing.key', '-days', '300'];
    openssl(...sign, '-extfile', 'leaf.ext', '-CAcreateserial', '-outform', 'DER', '-out', 'leaf.der');
    const file = (leaf: Uint8Array, ...names: string[]): Buffer =>
      Buffer.concat([Buffer.from(certificatePem(leaf)), ...names.map(read), read('app.key')]);
    const leaf = read('leaf.der');
    assert.deepEqual(await codes(file(leaf, 'ca.pem')), []);
    const broken = flipped(leaf, leaf.length - 1);
    assert.deepEqual(await codes(file(broken, 'ca.pem')), ['signature-invalid']);
    assert.equal((await rejection(openCredential(file(broken, 'ca.pem')))).code, 'damaged-file');
    // Without its issuer nobody can tell, nor with certificates that do not say which key signed.
    assert.deepEqual(await codes(file(broken)), []);
    assert.deepEqual(await codes(Buffer.concat([issuing.certificate, root.certificate])), []);
  });

  it('is not one that another key of the same name has signed', async () => {
    pair('old', { subject: '/CN=Same' });
    pair('new', { subject: '/CN=Same' });
    for (const extensions of [
      'basicConstraints=critical,CA:TRUE\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n',
      'subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n',
      'basicConstraints=critical,CA:TRUE\nsubjectKeyIdentifier=hash\n',
      'basicConstraints=CA:FALSE\n',
    ]) {
      write('same.ext', extensions);
      openssl('req', '-new', '-key', 'new.key', '-subj', '/CN=Same', '-out', 'same.csr');
      const sign = ['x509', '-req', '-in', 'same.csr', '-CA', 'old.pem', '-CAkey', 'old.key', '-CAcreateserial'];
      openssl(...sign, '-days', '300', '-extfile', 'same.ext', '-out', 'same.pem');
      assert.deepEqual(await codes(read('same.pem')), []);
      const opened = await openCredential(read('same.pem'), {}, { bytes: read('new.key') });
      assert.equal(opened.description.selfSigned, false);
    }
  });
});
