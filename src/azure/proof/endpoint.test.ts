import assert from 'node:assert/strict';
import { isExpectedError } from '../../base/errors.ts';
import { resolveCloud } from '../clouds.ts';
import { placeOf } from './endpoint.ts';
import type { ProofRequest } from './types.ts';

describe('where a proof asks', () => {
  const at = (authority: string, more: Partial<ProofRequest> = {}) => {
    const request = { authority, clientId: 'x', thumbprintSha256: '', thumbprintSha1: '', ...more };
    try {
      const { base, scope } = placeOf(request as ProofRequest, resolveCloud('public'));
      return `${base} ${scope}`;
    } catch (error) {
      if (isExpectedError(error)) return error.code;
      throw error;
    }
  };

  it('is the Graph of the authority’s own cloud', () => {
    const cases: [string, string][] = [
      ['https://login.microsoftonline.com/x.example', 'https://graph.microsoft.com/.default'],
      ['https://login.microsoftonline.us/x.example', 'https://graph.microsoft.us/.default'],
      ['https://login.partner.microsoftonline.cn/x.example', 'https://microsoftgraph.chinacloudapi.cn/.default'],
      ['https://login.microsoftonline.de/x.example', 'https://graph.microsoft.de/.default'],
    ];
    for (const [authority, scope] of cases) assert.equal(at(authority), `${authority} ${scope}`);
  });

  it('is not guessed for a cloud whose Graph is not known, unless the scope is given', () => {
    const authority = 'https://login.sovcloud-identity.fr/x.example';
    assert.equal(at(authority), 'graph-of-cloud-not-known');
    assert.equal(at(authority, { scope: 'https://api.example/.default' }), `${authority} https://api.example/.default`);
  });

  it('is nowhere for what a sample left to fill in', () => {
    for (const authority of [
      'https://Enter_the_Tenant_Subdomain_Here.ciamlogin.com/',
      'https://login.microsoftonline.com/${process.env.T}',
      'https://login.microsoftonline.com/{tenant}',
    ])
      assert.equal(at(authority), 'authority-not-usable');
    assert.match(at('https://enterprise.ciamlogin.com/'), /enterprise\.onmicrosoft\.com /);
  });
});
