import assert from 'node:assert/strict';
import { createHttpHeaders } from '@azure/core-rest-pipeline';
import type { HttpClient } from '@azure/core-rest-pipeline';
import { resolveCloud } from '../clouds.ts';
import { codeOf } from '../testing/azure.ts';
import { connectVault } from './connection.ts';
import { getCertificate } from './reading.ts';

describe('the challenge of a vault in a cloud of Microsoft', () => {
  const origin = 'https://contoso.vault.azure.net';
  const tenant = 'aaaaaaaa-0000-4000-8000-000000000001';

  /** A vault that wants a token for this resource, and whatever it is sent. */
  const ask = async (resource: string) => {
    const authorizations: (string | undefined)[] = [];
    let tokens = 0;
    const http: HttpClient = {
      sendRequest(request) {
        const authorization = request.headers.get('authorization');
        authorizations.push(authorization);
        const challenge = `Bearer authorization="https://login.microsoftonline.com/${tenant}", resource="${resource}"`;
        const isKnown = authorization !== undefined;
        return Promise.resolve({
          request,
          status: isKnown ? 404 : 401,
          headers: createHttpHeaders(isKnown ? {} : { 'www-authenticate': challenge }),
          bodyAsText: '{"error":{"code":"CertificateNotFound","message":"none"}}',
        });
      },
    };
    const connection = connectVault(
      { name: 'contoso', origin },
      {
        cloud: resolveCloud('public'),
        clock: { now: Date.now, delay: () => Promise.resolve() },
        http,
        userAgent: 'test/1',
        signIn: {
          token: () => {
            tokens++;
            return Promise.resolve({ token: 't', expiresOn: Date.now() + 3.6e6, source: 'vscode', permissions: [] });
          },
          forget: () => undefined,
        },
      },
    );
    return { code: await codeOf(getCertificate(connection, { name: 'app' })), tokens, authorizations };
  };

  it('is answered when it names Key Vault', async () => {
    const { code, tokens, authorizations } = await ask('https://vault.azure.net');
    assert.deepEqual([code, tokens, authorizations], ['certificate-not-found', 1, [undefined, 'Bearer t']]);
  });

  it('gets no token when it names another resource than the one the vault lies under', async () => {
    for (const resource of ['https://evil.example', 'https://vault.azure.cn', 'https://graph.microsoft.com']) {
      const { code, tokens, authorizations } = await ask(resource);
      assert.notEqual(code, 'certificate-not-found');
      assert.deepEqual([tokens, authorizations], [0, [undefined]], resource);
    }
  });
});
