/** Findings about secrets, names, assertions, versions and authorities (facts/failure-modes.md F30 to F41). */
import { certificate, config, fromFile } from './app.ts';
import type { Fix, Row } from './row.ts';

const setUp: Fix = { title: 'Set Up Client Certificate…', command: 'setUp' };
const name: Fix = { title: 'Correct the name of the property' };
// 40 characters with a tilde, as Entra makes them.
export const secret = 'Sec8Q~of-this-suite.only_0123456789abcde';

const secrets: Row[] = [
  {
    code: 'secret-in-code',
    title: 'a literal',
    make: () => config(`clientSecret: '${secret}',`),
    where: `'${secret}'`,
    severity: 'warning',
    fix: setUp,
  },
  {
    code: 'secret-in-code',
    title: 'a fall-back',
    make: () => config(`clientSecret: process.env.SECRET || "${secret}",`),
    where: `"${secret}"`,
    severity: 'warning',
    fix: setUp,
  },
  {
    code: 'secret-in-code',
    title: 'a constant',
    make: () => config('clientSecret: SECRET,', { before: `const SECRET = '${secret}';` }),
    where: `'${secret}'`,
    severity: 'warning',
    fix: setUp,
  },
  {
    code: 'secret-in-code',
    title: 'in TypeScript',
    file: 'authConfig.ts',
    make: () => `import { ConfidentialClientApplication, type Configuration } from '@azure/msal-node';
const msalConfig: Configuration = { auth: { clientId: '7c9e6679-7425-40de-944b-e07fc1f90ae7', clientSecret: '${secret}' } };
export const client = new ConfidentialClientApplication(msalConfig);
`,
    where: `'${secret}'`,
    severity: 'warning',
    fix: { ...setUp, command: 'setUp' },
  },
  {
    code: 'secret-in-use',
    title: 'of the environment',
    make: async (app) => {
      await app.setEnv({ SECRET: secret });
      return config('clientSecret: process.env.SECRET,');
    },
    where: 'clientSecret',
    severity: 'warning',
    fix: setUp,
  },
  {
    code: 'secret-in-use',
    title: 'sample text',
    make: () => config(`clientSecret: 'Enter_the_Client_Secret_Here',`),
    where: 'clientSecret',
    severity: 'warning',
    fix: setUp,
  },
  {
    code: 'secret-and-certificate',
    title: 'F30 both, which MSAL refuses',
    make: async (app) => {
      await app.setEnv({ SECRET: secret });
      return config(`clientSecret: process.env.SECRET, ${certificate()}`);
    },
    where: 'clientSecret',
    severity: 'error',
  },
  {
    code: 'secret-and-certificate',
    title: 'F30 both, the secret perhaps without a value',
    make: () => config(`clientSecret: process.env.SECRET, ${certificate()}`),
    where: 'clientSecret',
    severity: 'warning',
  },
  {
    code: 'secret-as-alternative',
    title: 'one of both',
    make: () => config(`...(process.env.LOCAL ? { ${certificate()} } : { clientSecret: process.env.SECRET }),`),
    where: 'clientSecret',
    severity: 'information',
  },
  {
    code: 'secret-is-id',
    title: 'F39 the id of a secret',
    make: async (app) => {
      await app.setEnv({ SECRET: '7c9e6679-7425-40de-944b-e07fc1f90aef' });
      return config('clientSecret: process.env.SECRET,');
    },
    where: 'process.env.SECRET',
    severity: 'warning',
    with: ['secret-in-use'],
    env: 4,
  },
  {
    code: 'secret-is-certificate',
    title: 'F41 a certificate as secret',
    make: async (app) => {
      await app.setEnv({ SECRET: `"${app.material.own.certificate}"` });
      return config('clientSecret: process.env.SECRET,');
    },
    where: 'process.env.SECRET',
    severity: 'error',
    with: ['secret-in-use'],
    env: 4,
  },
];

const misspelt: Row[] = [
  ['the credential', 'clientCertificate', 'ClientCertificate'],
  ['the credential, by a letter, in quotes', 'clientCertificate', '"clientCertifcate"'],
  ['the thumbprint', 'thumbprintSha256', 'thumbprintSHA256'],
  ['the key', 'privateKey', 'privatekey'],
].map(([title = '', meant = '', written = '']) => ({
  code: 'certificate-misspelt',
  title,
  make: () => config(certificate().replace(meant, written)),
  where: written,
  severity: 'error',
  fix: name,
}));

const assertions: Row[] = [
  {
    code: 'assertion-expires',
    title: 'F37 a text',
    make: () => config('clientAssertion: process.env.ASSERTION,'),
    where: 'process.env.ASSERTION',
    severity: 'warning',
  },
  {
    code: 'msal-node-too-old',
    title: 'a MSAL that calls no function',
    make: async (app) => {
      await app.useMsal('2.6.6');
      return config(`clientAssertion: () => sign(),`);
    },
    where: '() => sign()',
    severity: 'error',
  },
];

const rest: Row[] = [
  {
    code: 'msal-node-2-8-0',
    title: 'F32 the version that sends nothing',
    make: async (app) => {
      await app.useMsal('2.8.0');
      return config(certificate());
    },
    where: 'clientCertificate',
    severity: 'error',
  },
  {
    code: 'authority-rejected',
    title: 'External ID by its name',
    make: () => config(certificate(), { authority: `authority: 'https://contoso.ciamlogin.com/',` }),
    where: `'https://contoso.ciamlogin.com/'`,
    severity: 'error',
  },
  {
    code: 'authority-rejected',
    title: 'External ID by its name, in .env',
    make: async (app) => {
      await app.setEnv({ AUTHORITY: 'https://contoso.ciamlogin.com/' });
      return config(certificate(), { authority: 'authority: process.env.AUTHORITY,' });
    },
    where: 'process.env.AUTHORITY',
    severity: 'error',
    env: 4,
  },
  {
    code: 'x5c-without-newlines',
    title: 'F35 a chain in one line',
    make: (app) => config(certificate({ key: fromFile, more: ` x5c: '${flat(app.material.own.certificate)}'` })),
    where: (app) => `'${flat(app.material.own.certificate)}'`,
    severity: 'warning',
  },
];

function flat(pem: string): string {
  return pem.trim().replaceAll('\n', ' ');
}

export const credentialRows: readonly Row[] = [...secrets, ...misspelt, ...assertions, ...rest];
