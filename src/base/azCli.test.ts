import assert from 'node:assert/strict';
import { uploadCommand } from './azCli.ts';

describe('the Azure CLI command for an upload', () => {
  const notAfter = Date.parse('2031-05-06T07:08:09.000Z');

  it('keeps the other credentials, and the certificate registered to its end', () => {
    assert.equal(
      uploadCommand({ appId: 'id', certificateFile: '/app/certs/web.crt', displayName: 'CN=web', notAfter }),
      "az ad app credential reset --append --id 'id' --cert '@/app/certs/web.crt' --display-name 'CN=web' --end-date '2031-05-06T07:08:08Z'",
    );
  });

  it('has no end where none is known, and no quote that ends another one', () => {
    assert.equal(
      uploadCommand({ appId: "a'; x", certificateFile: 'web.crt', displayName: '', notAfter: Number.NaN }),
      "az ad app credential reset --append --id 'a ; x' --cert '@web.crt'",
    );
  });
});
