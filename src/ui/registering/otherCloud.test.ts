import assert from 'node:assert/strict';
import { isExpectedError } from '../../base/errors.ts';
import { checkCloud } from './otherCloud.ts';

describe('the cloud of an app', () => {
  const government = 'https://login.microsoftonline.us/contoso.onmicrosoft.us';

  it('has to be the one of the settings, which the refusal names', () => {
    const refused: [string, 'public' | 'usGovernment' | 'china', RegExp][] = [
      [
        government,
        'public',
        /login\.microsoftonline\.us.*clientCertificate\.cloud names \(public\).*to "usGovernment"/,
      ],
      ['https://contoso.ciamlogin.us/', 'public', /to "usGovernment"/],
      ['https://login.partner.microsoftonline.cn/x', 'public', /to "china"/],
      ['https://login.microsoftonline.com/common', 'usGovernment', /to "public"/],
      ['https://login.sovcloud-identity.fr/x', 'public', /to "custom".*clientCertificate\.customCloud/],
    ];
    for (const [authority, name, words] of refused)
      assert.throws(
        () => checkCloud(authority, { name }),
        (error) => isExpectedError(error) && error.code === 'authority-in-other-cloud' && words.test(error.message),
      );
  });

  it('is not judged where the authority is unknown, at nobody’s host, or the cloud is a custom one', () => {
    checkCloud(government, { name: 'usGovernment' });
    checkCloud(government, { name: 'custom' });
    checkCloud(undefined, { name: 'china' });
    checkCloud('https://localhost:1234/tenant', { name: 'public' });
    checkCloud('https://login.microsoftonline.com/Enter_the_Tenant_Info_Here', { name: 'public' });
  });
});
