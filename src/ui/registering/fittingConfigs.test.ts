import assert from 'node:assert/strict';
import type { AppConfig } from '../../appConfig/types.ts';
import { fittingConfigs } from './fittingConfigs.ts';

const one = 'cccccccc-0000-4000-8000-000000000001';
const two = 'cccccccc-0000-4000-8000-000000000002';

describe('the app configs that tell an app registration', () => {
  const config = (file: string, clientId?: string): AppConfig => ({
    file,
    line: 1,
    column: 1,
    credential: 'secret',
    tenantKind: 'workforce',
    moduleKind: 'commonjs',
    language: 'javascript',
    msal: { source: 'unknown' },
    appRoot: '/app',
    authority: { value: 'https://login.microsoftonline.com/contoso.onmicrosoft.com', source: { kind: 'literal' } },
    ...(clientId === undefined ? {} : { clientId: { value: clientId, source: { kind: 'literal' } } }),
  });
  const files = (configs: readonly AppConfig[]) => configs.map(({ file }) => file);

  it('are those with a client id, each registration once', () => {
    const all = [config('/a', one), config('/b', one), config('/c', two), config('/d'), config('/e', 'Enter_Id_Here')];
    assert.deepEqual(files(fittingConfigs(all, {}).fitting), ['/a', '/c']);
    assert.deepEqual(files(fittingConfigs(all, { application: two.toUpperCase() }).fitting), ['/c']);
    assert.equal(fittingConfigs(all, { application: two }).open, undefined);
  });

  it('are the one that was named, too, when its client id is not known', () => {
    for (const open of [config('/d'), config('/d', 'Enter_the_Application_Id_Here')])
      for (const application of [one, undefined]) {
        const asked = { config: '/d', ...(application === undefined ? {} : { application }) };
        assert.deepEqual(fittingConfigs([open], asked), { fitting: [], open });
      }
    assert.equal(fittingConfigs([config('/d')], { application: one }).open, undefined);
    assert.equal(fittingConfigs([config('/d', two)], { config: '/d', application: one }).open, undefined);
    const [first, second] = [config('/d'), { ...config('/d'), authority: undefined }];
    assert.equal(fittingConfigs([first, second], { config: '/d', application: one }).open, undefined);
  });
});
