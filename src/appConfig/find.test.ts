import assert from 'node:assert/strict';
import { join, relative, sep } from 'node:path';
import { nodeFiles } from '../ui/nodeFiles.ts';
import { isExpectedError } from '../base/errors.ts';
import { findAppConfigs, planRewrite, readAppConfigs } from './index.ts';
import { withFolder } from './testing/folder.ts';

const msal = "import { ConfidentialClientApplication } from '@azure/msal-node';\n";
const auth = (secret: string) =>
  `{ auth: { clientId: 'id', authority: 'https://contoso.ciamlogin.com/', clientSecret: ${secret} } }`;
const client = `${msal}export const c = new ConfidentialClientApplication(${auth('process.env.SECRET')});`;
const typescriptClient = `${msal}export const c = new ConfidentialClientApplication(${auth('process.env.SECRET!')});`;
const installed = (version: string) => JSON.stringify({ name: '@azure/msal-node', version });

async function find(root: string): Promise<string[]> {
  const configs = await findAppConfigs([root], nodeFiles);
  return configs.map(
    ({ file, line, credential }) => `${relative(root, file).split(sep).join('/')}:${line} ${credential}`,
  );
}

describe('find app configs', () => {
  it('in a monorepo, each with its own package, version and .env', () =>
    withFolder(
      {
        'package.json': '{"workspaces":["apps/*"]}',
        'node_modules/@azure/msal-node/package.json': installed('3.8.10'),
        'apps/web/package.json': '{"type":"module","dependencies":{"@azure/msal-node":"^3"}}',
        'apps/web/src/auth.js': `import 'dotenv/config';\n${msal}export const c = new ConfidentialClientApplication(${auth('process.env.SECRET')});`,
        'apps/web/.env': 'A=1\nSECRET=x\n',
        'apps/old/package.json': '{"dependencies":{"@azure/msal-node":"^1"}}',
        'apps/old/node_modules/@azure/msal-node/package.json': installed('1.18.4'),
        'apps/old/auth.ts': `${msal}export const c = new ConfidentialClientApplication({ auth: { clientId: 'x', clientCertificate: { thumbprint: '${'AB'.repeat(20)}', privateKey: key } } });`,
        'apps/old/node_modules/lib/auth.js': `${msal}new ConfidentialClientApplication(${auth("'x'")});`,
        'apps/old/dist/auth.js': `${msal}new ConfidentialClientApplication(${auth("'x'")});`,
      },
      async (root) => {
        assert.deepEqual(await find(root), ['apps/old/auth.ts:2 certificate', 'apps/web/src/auth.js:3 secret']);
        const [old, web] = await findAppConfigs([root], nodeFiles);
        assert.equal(old!.msal.version, '1.18.4');
        assert.equal(old!.certificate?.thumbprint?.value, 'AB'.repeat(20));
        assert.equal(old!.tenantKind, 'workforce');
        assert.equal(old!.language, 'typescript');
        assert.deepEqual(web, {
          file: join(root, 'apps/web/src/auth.js'),
          line: 3,
          column: web!.column,
          credential: 'secret',
          secret: {
            kind: 'environment',
            variable: 'SECRET',
            hasFallback: false,
            envFile: join(root, 'apps/web/.env'),
            envLine: 2,
          },
          secretSet: true,
          places: web!.places,
          clientId: { value: 'id', source: { kind: 'literal' } },
          authority: { value: 'https://contoso.ciamlogin.com/', source: { kind: 'literal' } },
          tenantKind: 'externalId',
          moduleKind: 'esm',
          language: 'javascript',
          msal: { version: '3.8.10', source: 'installed', packageJson: join(root, 'apps/web/package.json') },
          appRoot: join(root, 'apps/web'),
          envFile: join(root, 'apps/web/.env'),
        });
        // One file read on its own says the same.
        assert.deepEqual(await readAppConfigs(web.file, nodeFiles, [root]), [web]);
      },
    ));

  it('whose object only another file hands to MSAL', () =>
    withFolder(
      {
        'package.json': '{}',
        'src/settings.ts': `export const settings = { auth: { clientId: 'x', clientSecret: process.env.SECRET } };`,
        'src/client.ts': `import { settings } from './settings.js';\n${msal}new ConfidentialClientApplication(settings);`,
      },
      async (root) => {
        assert.deepEqual(await find(root), ['src/settings.ts:1 secret']);
        const own = await readAppConfigs(join(root, 'src/settings.ts'), nodeFiles, [root]);
        assert.equal(own[0]?.credential, 'secret');
      },
    ));

  it('with the tenant from a .env and from a template', () =>
    withFolder(
      {
        'package.json': '{}',
        'a.js': `require('dotenv').config();\nconst { ConfidentialClientApplication } = require('@azure/msal-node');\nnew ConfidentialClientApplication({ auth: { clientId: process.env.ID, authority: \`https://login.microsoftonline.com/\${process.env.TENANT}\`, clientSecret: process.env.S } });`,
        'b.js': `const { ConfidentialClientApplication } = require('@azure/msal-node');\nconst authority = process.env.AUTHORITY || \`https://\${process.env.UNKNOWN}.ciamlogin.com/\`;\nnew ConfidentialClientApplication({ auth: { clientId: 'x', authority, clientSecret: process.env.S } });`,
        '.env': 'ID=abc\nTENANT=t\nS=s\n',
      },
      async (root) => {
        const [a, b] = await findAppConfigs([root], nodeFiles);
        assert.deepEqual(
          [a?.clientId?.value, a?.authority?.value, a?.tenantKind],
          ['abc', 'https://login.microsoftonline.com/t', 'workforce'],
        );
        assert.deepEqual([b?.authority?.value, b?.tenantKind], [undefined, 'externalId']);
      },
    ));

  it('passes over what the app itself compiles, whatever its folder is called', () =>
    withFolder(
      {
        'package.json': '{}',
        'tsconfig.json': '{ "compilerOptions": { // where it goes\n "rootDir": "src", "outDir": "lib" } }',
        'src/a.ts': typescriptClient,
        'lib/a.js': client,
        'lib/own.js': client,
        'other/tsconfig.json': '{ "compilerOptions": { "outDir": "." } }',
        'other/b.ts': typescriptClient,
        'other/b.js': client,
      },
      async (root) => {
        const found = await findAppConfigs([root], nodeFiles);
        const names = found.map(({ file }) => relative(root, file).split(sep).join('/'));
        assert.deepEqual(names, ['lib/own.js', 'other/b.js', 'other/b.ts', 'src/a.ts']);
        const options = { skipGenerated: true };
        assert.deepEqual(await readAppConfigs(join(root, 'lib', 'a.js'), nodeFiles, [root], options), []);
        const request = { keyFrom: 'file', thumbprintSha256: 'A', thumbprintSha1: 'B', roots: [root] } as const;
        const file = join(root, 'lib', 'a.js');
        await assert.rejects(
          planRewrite({ ...request, file, privateKeyPath: join(root, 'a.key') }, nodeFiles),
          (error) => isExpectedError(error) && error.code === 'compiled-output' && error.message.includes(join(root, 'src', 'a.ts')), // prettier-ignore
        );
      },
    ));

  it('but not the near misses', () =>
    withFolder(
      {
        'package.json': '{}',
        'next-auth.ts': `import AzureAD from 'next-auth/providers/azure-ad';\nexport const o = { providers: [AzureAD({ clientId: 'x', clientSecret: process.env.S!, tenantId: 't' })] };`,
        'tedious.js': `const config = { authentication: { type: 'azure-active-directory-service-principal-secret', options: { clientId: 'x', clientSecret: 'y', tenantId: 't' } } };`,
        'passport.js': `passport.use(new OIDCStrategy({ identityMetadata: 'x', clientID: 'x', clientSecret: 'y', redirectUrl: 'z' }));`,
        'adal.js': `const { AuthenticationContext } = require('adal-node');\nnew AuthenticationContext('https://login.microsoftonline.com/t').acquireTokenWithClientCredentials('r', 'x', clientSecret, cb);`,
        'bot.js': `new CloudAdapter(new ConfigurationBotFrameworkAuthentication({ MicrosoftAppId: 'x', MicrosoftAppPassword: clientSecret }));`,
        'identity.js': `const { ClientSecretCredential } = require('@azure/identity');\nnew ClientSecretCredential('t', 'c', clientSecret);`,
        'public.js': `const { PublicClientApplication } = require('@azure/msal-node');\nnew PublicClientApplication({ auth: { clientId: 'x', authority: 'https://login.microsoftonline.com/t' } });`,
        'google.js': `new google.auth.OAuth2({ clientId: 'x', clientSecret: 'y' });`,
        'data.json': '{"clientSecret":"x"}',
        'broken.js': `${msal}new ConfidentialClientApplication({ auth: { clientSecret: `,
      },
      async (root) => assert.deepEqual(await find(root), []),
    ));

  it('says where a file on its own does not parse', () =>
    withFolder({ 'a.js': 'const clientSecret = {\n  auth: ((' }, (root) =>
      assert.rejects(readAppConfigs(join(root, 'a.js'), nodeFiles, [root]), { code: 'config-does-not-parse' }),
    ));

  it('finds nothing in a folder that is not there, and ends when cancelled', async () => {
    assert.deepEqual(await findAppConfigs([join('/', 'no', 'such', 'folder')], nodeFiles), []);
    assert.deepEqual(await readAppConfigs(join('/', 'no', 'such', 'file.js'), nodeFiles, []), []);
    await assert.rejects(findAppConfigs(['/tmp'], nodeFiles, AbortSignal.abort()), { message: 'Cancelled' });
  });
});
