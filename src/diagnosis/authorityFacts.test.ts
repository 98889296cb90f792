import assert from 'node:assert/strict';
import { cloudOf, tenantOf } from './authorityFacts.ts';

describe('the tenant that an authority names', () => {
  const id = 'aaaaaaaa-0000-4000-8000-000000000001';
  const cases: [string | undefined, string | undefined][] = [
    [undefined, undefined],
    [`https://login.microsoftonline.com/${id}/v2.0`, id],
    ['https://login.microsoftonline.com/common', undefined],
    ['https://contoso.ciamlogin.com', 'contoso.onmicrosoft.com'],
    [`https://${id}.ciamlogin.com/`, id],
    ['https://contoso.ciamlogin.com/fabrikam.example', 'fabrikam.example'],
    ['https://Enter_the_Tenant_Subdomain_Here.ciamlogin.com/', undefined],
    ['https://${SUBDOMAIN}.ciamlogin.com/', undefined],
    ['https://login.microsoftonline.com/Enter_the_Tenant_Info_Here', undefined],
    ['https://login.microsoftonline.com/${process.env.T}', undefined],
    ['https://contoso.b2clogin.com/tfp/contoso.onmicrosoft.com/B2C_1_x', 'contoso.onmicrosoft.com'],
    ['https://contoso.b2clogin.com/', undefined],
    ['https://localhost:1234/contoso.onmicrosoft.com', 'contoso.onmicrosoft.com'],
    ['login.microsoftonline.com/x', undefined],
  ];
  for (const [authority, tenant] of cases)
    it(`of ${authority ?? '(none)'} is ${tenant ?? 'none'}`, () => assert.equal(tenantOf(authority), tenant));
});

describe('the cloud that an authority belongs to', () => {
  it('is none for a host of somebody else', () => {
    assert.deepEqual(cloudOf('https://login.microsoftonline.us/x'), {
      cloud: 'usGovernment',
      host: 'login.microsoftonline.us',
    });
    assert.equal(cloudOf('https://localhost:1234/x'), undefined);
    assert.equal(cloudOf('nonsense'), undefined);
  });
});
