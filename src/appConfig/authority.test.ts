import assert from 'node:assert/strict';
import { isMultiTenant, readAuthority } from './authority.ts';

const tenantId = '11111111-2222-3333-4444-555555555555';

describe('authority', () => {
  const cases: [string | undefined, string, string, string][] = [
    [undefined, 'workforce', 'public', 'common'],
    ['https://login.microsoftonline.com/common', 'workforce', 'public', 'common'],
    ['https://login.microsoftonline.com/organizations/', 'workforce', 'public', 'organizations'],
    ['https://login.microsoftonline.com/Consumers', 'workforce', 'public', 'consumers'],
    [`https://login.microsoftonline.com/${tenantId}/`, 'workforce', 'public', 'guid'],
    [' https://LOGIN.microsoftonline.com/contoso.onmicrosoft.com', 'workforce', 'public', 'domain'],
    [`https://login.windows.net/${tenantId}`, 'workforce', 'public', 'guid'],
    [`https://westeurope.login.microsoft.com/${tenantId}`, 'workforce', 'public', 'guid'],
    [`https://login.microsoftonline.us/${tenantId}`, 'workforce', 'usGovernment', 'guid'],
    [`https://login.partner.microsoftonline.cn/${tenantId}`, 'workforce', 'china', 'guid'],
    [`https://login.chinacloudapi.cn/${tenantId}`, 'workforce', 'china', 'guid'],
    [`https://login.sovcloud-identity.fr/${tenantId}`, 'workforce', 'custom', 'guid'],
    ['https://login.microsoftonline.com/Enter_the_Tenant_Info_Here', 'workforce', 'public', 'placeholder'],
    ['https://login.microsoftonline.com/${tenant}', 'workforce', 'public', 'placeholder'],
    ['https://login.microsoftonline.com/tenants-${process.env.T}', 'workforce', 'public', 'placeholder'],
    ['https://login.microsoftonline.com/enterprise.onmicrosoft.com', 'workforce', 'public', 'domain'],
    ['https://Enter_the_Tenant_Subdomain_Here.ciamlogin.com/', 'externalId', 'public', 'placeholder'],
    ['https://yourfitness.ciamlogin.us/', 'externalId', 'usGovernment', 'none'],
    ['https://fabrikam.b2clogin.com/tfp/fabrikam.onmicrosoft.com/B2C_1_susi', 'b2c', 'public', 'domain'],
    ['https://contoso.ciamlogin.com', 'externalId', 'public', 'none'],
    ['https://contoso.ciamlogin.com/', 'externalId', 'public', 'none'],
    ['https://contoso.ciamlogin.com/contoso.onmicrosoft.com', 'externalId', 'public', 'domain'],
    [`https://contoso.ciamlogin.com/${tenantId}`, 'externalId', 'public', 'guid'],
    [`https://${tenantId}.ciamlogin.com/${tenantId}/v2.0`, 'externalId', 'public', 'guid'],
    ['https://${TENANT_SUBDOMAIN}.ciamlogin.com/', 'externalId', 'public', 'none'],
    ['https://${a/b ? c : d}.ciamlogin.com/', 'externalId', 'public', 'none'],
    ['https://fabrikam.b2clogin.com/fabrikam.onmicrosoft.com/B2C_1_susi', 'b2c', 'public', 'domain'],
    ['https://login.microsoftonline.com/fabrikam.onmicrosoft.com/B2C_1_susi', 'b2c', 'public', 'domain'],
    ['https://login.microsoftonline.com/tfp/fabrikam.onmicrosoft.com/B2C_1_susi', 'b2c', 'public', 'domain'],
    ['https://localhost:1234/tenant', 'unknown', 'custom', 'domain'],
    ['https://evil-ciamlogin.com/x', 'unknown', 'custom', 'domain'],
    ['https://login.microsoftonline.com.evil.example/common', 'unknown', 'custom', 'common'],
    ['http://login.microsoftonline.com/common', 'unknown', 'custom', 'none'],
    ['', 'unknown', 'custom', 'none'],
  ];
  for (const [authority, kind, cloud, form] of cases) {
    it(`${authority ?? '(none)'} is ${kind}, ${cloud}, ${form}`, () => {
      const facts = readAuthority(authority);
      assert.deepEqual([facts.kind, facts.cloud, facts.tenantForm], [kind, cloud, form]);
    });
  }

  it('keeps tenant and host as they stand', () => {
    const facts = readAuthority('https://Contoso.ciamlogin.com:443/Contoso.onmicrosoft.com/');
    assert.equal(facts.host, 'contoso.ciamlogin.com:443');
    assert.equal(facts.tenant, 'Contoso.onmicrosoft.com');
    assert.equal(readAuthority('https://x.b2clogin.com/tfp/X.onmicrosoft.com/p').tenant, 'X.onmicrosoft.com');
  });

  it('knows which authorities name no single tenant', () => {
    assert.equal(isMultiTenant(readAuthority(undefined)), true);
    assert.equal(isMultiTenant(readAuthority(`https://login.microsoftonline.com/${tenantId}`)), false);
  });
});
