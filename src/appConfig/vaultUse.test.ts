import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyEdits } from '../base/edits.ts';
import { isExpectedError } from '../base/errors.ts';
import { nodeFiles } from '../ui/nodeFiles.ts';
import { findSites, parseSource, rewriteSite } from './code.ts';
import { findAppConfigs, planRewrite, planRotation, readAppConfigs } from './index.ts';
import { assertionType } from './keyVaultSign/template.ts';
import { withFolder, writeFiles } from './testing/folder.ts';
import { goldenCases, requestFor } from './testing/goldenCases.ts';
import type { RewriteRequest } from './types.ts';

const version = '0123456789abcdef0123456789abcdef';
const installed = { 'node_modules/@azure/msal-node/package.json': '{"name":"@azure/msal-node","version":"3.8.10"}' };
const request = (folder: string, file: string, more: Partial<RewriteRequest> = {}): RewriteRequest => ({
  file: join(folder, file),
  keyFrom: 'keyVaultSign',
  thumbprintSha256: 'AB'.repeat(32),
  thumbprintSha1: 'CD'.repeat(20),
  vault: { origin: 'https://contoso-web.vault.azure.net', certificate: 'app', version },
  roots: [folder],
  ...more,
});

describe('the rewrite to assertions that Key Vault signs', () => {
  it('fits every shape of configuration that the other kinds fit, and leaves nothing to do', () => {
    let fitted = 0;
    for (const golden of goldenCases()) {
      // Declined without a look at the credential.
      if (golden.fileName.endsWith('.json') || golden.name === 'decline-does-not-parse') continue;
      const source = parseSource(golden.text, golden.fileName);
      const [site] = findSites(source, golden.options.hints);
      if (site === undefined) continue;
      const base = requestFor(golden.options, source);
      const imported = {
        property: 'clientAssertion',
        specifier: './keyVaultAssertion',
        name: 'keyVaultAssertion',
        use: 'reference',
        type: assertionType,
        variables: [],
      } as const;
      // A case fits when the key file fits.
      let expected;
      try {
        expected = rewriteSite(source, site, base);
      } catch (error) {
        if (!isExpectedError(error)) throw error;
        continue;
      }
      if (expected.edits.length === 0) continue;
      const { edits } = rewriteSite(source, site, { ...base, keyFrom: 'keyVaultSign', imported });
      const output = applyEdits(golden.text, edits);
      assert.match(
        output,
        /clientAssertion['"`]?\]?\s*(?:\?\?|\|\|)?[:=]\s*keyVaultAssertion\b/,
        `${golden.name}\n${output}`,
      );
      assert.doesNotMatch(output, /clientCertificate\b(?!:)(?![^\n]*\/\/)/, `${golden.name}\n${output}`);
      const again = parseSource(output, golden.fileName);
      const sites = findSites(again, golden.options.hints);
      const same = sites.find(({ credential }) => credential === 'assertion');
      assert.ok(same, `${golden.name} is recognised\n${output}`);
      assert.ok(rewriteSite(again, same, { ...base, keyFrom: 'keyVaultSign', imported }).nothingToDo, golden.name);
      fitted++;
    }
    assert.ok(fitted >= 55, `${fitted} shapes`);
  });

  it('declares a function in an interface of the app itself', () => {
    const text = `interface Settings { auth: { clientId: string; authority: string; clientSecret: string } }
const settings: Settings = { auth: { clientId: 'x', authority: 'https://login.microsoftonline.com/t', clientSecret: process.env.S! } };
export const app = new ConfidentialClientApplication(settings);
import { ConfidentialClientApplication } from '@azure/msal-node';
`;
    return withFolder({ 'package.json': '{}', 'auth.ts': text, ...installed }, async (folder) => {
      const plan = await planRewrite(request(folder, 'auth.ts'), nodeFiles);
      assert.ok(plan.status === 'rewrite');
      const config = plan.files.find(({ role }) => role === 'config');
      assert.match(applyEdits(text, config?.edits ?? []), /clientAssertion: \(app: \{ clientId: string; tokenEndpoint/);
    });
  });

  const shapes: [string, string, Record<string, string>][] = [
    [
      'CommonJS with a .env',
      'src/authConfig.js',
      {
        'src/authConfig.js': `require('dotenv').config();\nmodule.exports = { auth: { clientId: process.env.ID, authority: 'https://login.microsoftonline.com/t', clientSecret: process.env.SECRET } };\nnew (require('@azure/msal-node').ConfidentialClientApplication)(module.exports);\n`,
        '.env': 'ID=x\nSECRET=y\n',
      },
    ],
    [
      'ES modules with literals',
      'authConfig.mjs',
      {
        'authConfig.mjs': `import { ConfidentialClientApplication } from "@azure/msal-node"\nexport const app = new ConfidentialClientApplication({ auth: { clientId: "x", authority: "https://login.microsoftonline.com/t", clientSecret: "abc~d" } })\n`,
      },
    ],
    [
      'TypeScript with tabs',
      'src/auth.ts',
      {
        'src/auth.ts': `import { ConfidentialClientApplication } from '@azure/msal-node';\nexport const app = new ConfidentialClientApplication({\n\tauth: {\n\t\tclientId: 'x',\n\t\tauthority: 'https://login.microsoftonline.com/t',\n\t\tclientSecret: process.env.SECRET!,\n\t},\n});\n`,
        'tsconfig.json': '{"compilerOptions":{"module":"nodenext"}}',
        'package.json': '{"type":"module"}',
        '.env': 'SECRET=y\n',
      },
    ],
  ];
  for (const [title, file, files] of shapes)
    for (const wanted of [version, 'latest'])
      it(`is read back: ${title}, ${wanted === 'latest' ? wanted : 'pinned'}`, () =>
        withFolder({ 'package.json': '{}', ...installed, ...files }, async (folder) => {
          const vault = { origin: 'https://contoso-web.vault.azure.net', certificate: 'app', version: wanted };
          const plan = await planRewrite(request(folder, file, { vault }), nodeFiles);
          assert.ok(plan.status === 'rewrite');
          assert.deepEqual(
            plan.install?.packages.map(({ name }) => name),
            ['@azure/identity', '@azure/keyvault-certificates', '@azure/keyvault-keys'],
          );
          for (const { path, before, edits } of plan.files)
            writeFiles('/', { [path]: applyEdits(before ?? '', edits) });
          const [config] = await readAppConfigs(join(folder, file), nodeFiles, [folder]);
          assert.equal(config?.credential, 'assertion');
          assert.equal(config.assertion, 'function');
          assert.equal(config.vault?.keyFrom, 'keyVaultSign');
          assert.equal(config.vault.origin.value, vault.origin);
          assert.equal(config.vault.certificate.value, 'app');
          assert.equal(config.vault.version.value, wanted);
          const again = await planRewrite(request(folder, file, { vault }), nodeFiles);
          assert.equal(again.status, 'nothing-to-do');
          const [found] = await findAppConfigs([folder], nodeFiles);
          assert.deepEqual(found?.vault, config.vault);
          if (title.includes('tabs')) {
            const text = readFileSync(join(folder, 'src/keyVaultAssertion.ts'), 'utf8');
            assert.match(text, /^\tconst /m);
            assert.doesNotMatch(text, /^ {2}/m);
            assert.match(readFileSync(join(folder, file), 'utf8'), /from '\.\/keyVaultAssertion\.js'/);
          }
        }));

  for (const [title, file, files] of shapes)
    it(`changes nothing but the version when it is rotated: ${title}`, () =>
      withFolder({ 'package.json': '{}', ...installed, ...files }, async (folder) => {
        const apply = (plan: Awaited<ReturnType<typeof planRewrite>>) => {
          assert.ok(plan.status === 'rewrite');
          for (const { path, before, edits } of plan.files)
            writeFiles('/', { [path]: applyEdits(before ?? '', edits) });
          return plan.files.map(({ path }) => path);
        };
        apply(await planRewrite(request(folder, file), nodeFiles));
        const next = 'f'.repeat(32);
        const vault = { origin: 'https://contoso-web.vault.azure.net', certificate: 'app', version: next };
        const changed = apply(
          await planRotation(request(folder, file, { vault, replacedVersion: version }), nodeFiles),
        );
        assert.equal(changed.length, 1, changed.join());
        const [config] = await readAppConfigs(join(folder, file), nodeFiles, [folder]);
        assert.equal(config?.vault?.version.value, next);
        assert.equal(config.vault.certificate.value, 'app');
      }));

  it('says in a rotation which other app registration changes to the new version too', () =>
    withFolder({ 'package.json': '{}', ...installed }, async (folder) => {
      const code = (id: string) => `require('dotenv').config();
const msal = require('@azure/msal-node');
exports.client = new msal.ConfidentialClientApplication({
  auth: { clientId: '${id}', authority: 'https://login.microsoftonline.com/y', clientSecret: process.env.CLIENT_SECRET },
});
`;
      writeFiles(folder, { 'a.js': code('a'), 'b.js': code('b'), '.env': 'CLIENT_SECRET=made-up\n' });
      for (const file of ['a.js', 'b.js']) {
        const plan = await planRewrite(request(folder, file), nodeFiles);
        assert.ok(plan.status === 'rewrite');
        for (const { path, before, edits } of plan.files) writeFiles('/', { [path]: applyEdits(before ?? '', edits) });
      }
      const vault = { origin: 'https://contoso-web.vault.azure.net', certificate: 'app', version: 'f'.repeat(32) };
      const rotate = (files: Partial<RewriteRequest> = {}) =>
        planRotation(request(folder, 'a.js', { vault, replacedVersion: version, ...files }), nodeFiles);
      const warned = (await rotate()).warnings.map(({ code: each, file }) => [each, file]);
      assert.deepEqual(warned, [['version-shared', join(folder, 'b.js')]]);
      const own = readFileSync(join(folder, 'b.js'), 'utf8').replace(`clientId: 'b'`, `clientId: 'a'`);
      writeFiles(folder, { 'b.js': own });
      assert.deepEqual((await rotate()).warnings, []);
    }));

  it('is refused below msal-node 2.8.1 and where nobody knows the version', async () => {
    const text = shapes[1]?.[2] ?? {};
    const versions: Record<string, Record<string, string>> = {
      old: { 'node_modules/@azure/msal-node/package.json': '{"version":"2.6.6"}' },
      broken: { 'node_modules/@azure/msal-node/package.json': '{"version":"2.8.0"}' },
      range: { 'package.json': '{"dependencies":{"@azure/msal-node":"^2.6.0"}}' },
      unknown: {},
    };
    for (const [label, files] of Object.entries(versions)) {
      await withFolder({ 'package.json': '{}', ...text, ...files }, (folder) =>
        assert.rejects(
          planRewrite(request(folder, 'authConfig.mjs'), nodeFiles),
          (error) => isExpectedError(error) && error.code === 'msal-node-too-old',
          label,
        ),
      );
    }
  });

  it('warns where the app calls its own id as the Azure SDK calls the identity of the process', () =>
    withFolder(
      {
        'package.json': '{}',
        ...installed,
        'a.js': `new (require('@azure/msal-node').ConfidentialClientApplication)({ auth: { clientId: process.env.AZURE_CLIENT_ID, clientSecret: process.env.AZURE_CLIENT_SECRET } });\n`,
      },
      async (folder) => {
        const plan = await planRewrite(request(folder, 'a.js'), nodeFiles);
        const warning = plan.warnings.find(({ code }) => code === 'azure-identity-variables');
        assert.match(warning?.message ?? '', /AZURE_CLIENT_ID, AZURE_CLIENT_SECRET/);
      },
    ));

  it('is declined for wrappers of MSAL that hand on nothing but a secret or a certificate', () =>
    withFolder(
      {
        'package.json': '{}',
        ...installed,
        'appSettings.js': `module.exports = { appCredentials: { clientId: 'x', tenantId: 'y', clientSecret: process.env.S }, authRoutes: { redirect: '/r', error: '/e', unauthorized: '/u' } };\n`,
      },
      (folder) =>
        assert.rejects(
          planRewrite(request(folder, 'appSettings.js'), nodeFiles),
          (error) => isExpectedError(error) && error.code === 'wrapper-takes-no-assertion',
        ),
    ));

  for (const [code, kind] of [
    [`'eyJ'`, 'text'],
    ['process.env.ASSERTION', 'text'],
    ['async () => sign()', 'function'],
    ['getAssertion()', 'unknown'],
    ['elsewhere', 'unknown'],
  ] as const)
    it(`tells that ${code} is ${kind}`, () =>
      withFolder(
        {
          'package.json': '{}',
          'a.js': `const { elsewhere } = require('./b');\nnew (require('@azure/msal-node').ConfidentialClientApplication)({ auth: { clientId: 'x', clientAssertion: ${code} } });\n`,
          'b.js': 'exports.elsewhere = 1;',
        },
        async (folder) => {
          const [config] = await readAppConfigs(join(folder, 'a.js'), nodeFiles, [folder]);
          assert.equal(config?.assertion, kind);
          assert.equal(config.vault, undefined);
        },
      ));
});
