/** What looks odd and works: nothing is said about it (facts/failure-modes.md F7, F14, F17, F30 and the like). Each really starts. */
import { createPrivateKey } from 'node:crypto';
import { certificate, config, fromFile, plainFile } from './app.ts';
import type { FindingApp } from './app.ts';

export interface NearMiss {
  readonly title: string;
  readonly make: (app: FindingApp) => string | Promise<string>;
  /** Another version of MSAL, with which the app cannot be started here. */
  readonly startsNot?: true;
}

const plain = (key = plainFile) => config(certificate({ key }));

function keyFile(title: string, content: (app: FindingApp) => string): NearMiss {
  return {
    title,
    make: async (app) => {
      await app.write('certs/app.key', content(app), 0o600);
      return plain();
    },
  };
}

function variable(title: string, value: (pem: string) => string, key: string): NearMiss {
  return {
    title,
    make: async (app) => {
      await app.setEnv({ KEY: value(app.material.own.key.trim()) });
      return plain(key);
    },
  };
}

function other(title: string, credential: string, more: Parameters<typeof config>[1] = {}): NearMiss {
  return { title, make: () => config(credential, more) };
}

const tenant = '7c9e6679-7425-40de-944b-e07fc1f90ae8';
const oneLine = (pem: string) => pem.replaceAll('\n', '\\n');

export const nearMisses: readonly NearMiss[] = [
  other('a good app', certificate()),
  {
    title: 'F7 lower case',
    make: (app) => config(certificate({ thumbprint: `'${app.material.own.sha256.toLowerCase()}'` })),
  },
  {
    title: 'both thumbprints',
    make: (app) => config(certificate({ more: ` thumbprint: '${app.material.own.sha1}',` })),
  },
  keyFile(
    'F14 Bag Attributes before the key',
    ({ material }) =>
      `Bag Attributes\n    friendlyName: app\n    localKeyID: 01 02 \nKey Attributes: <No Attributes>\n${material.own.key}`,
  ),
  keyFile('F17 CRLF', ({ material }) => material.own.key.replaceAll('\n', '\r\n')),
  keyFile('F17 a BOM', ({ material }) => `\uFEFF${material.own.key}`),
  keyFile('F17 PKCS#1', ({ material }) =>
    createPrivateKey(material.own.key).export({ type: 'pkcs1', format: 'pem' }).toString(),
  ),
  keyFile('F17 key and certificate', ({ material }) => material.own.key + material.own.certificate),
  keyFile('F17 certificate and key', ({ material }) => material.own.certificate + material.own.key),
  { title: 'F17 a Buffer', make: (app) => usePlain(app, 'readFileSync(process.env.KEY_PATH)') },
  {
    title: 'F17 a KeyObject',
    make: () => plain('createPrivateKey({ key: readFileSync(process.env.KEY_PATH), passphrase: process.env.PASS })'),
  },
  {
    title: 'a path that is built from parts',
    make: () =>
      plain(fromFile.replace('process.env.KEY_PATH', `require('node:path').join(__dirname, 'certs', 'app.key')`)),
  },
  variable('\\n in double quotes', (pem) => `"${oneLine(pem)}"`, 'process.env.KEY'),
  variable('real line ends in double quotes', (pem) => `"${pem}"`, 'process.env.KEY'),
  variable('\\n that the code turns into line ends', oneLine, `process.env.KEY.replace(/\\\\n/g, '\\n')`),
  variable(
    'base64 that the code decodes',
    (pem) => Buffer.from(pem).toString('base64'),
    `Buffer.from(process.env.KEY, 'base64').toString()`,
  ),
  {
    title: 'a key that cannot be followed',
    make: (app) =>
      config(certificate({ key: 'keyOf()' }), {
        before: `const keyOf = () => ${JSON.stringify(app.material.own.key)};`,
      }),
  },
  other('F30 an empty secret beside the certificate', `clientSecret: '', ${certificate()}`),
  other('F30 an undefined secret beside the certificate', `clientSecret: undefined, ${certificate()}`),
  other('F37 an assertion that is made anew', 'clientAssertion: async () => sign(),', {
    before: 'const sign = () => "a";',
  }),
  other('a property with a similar name', `clientCapabilities: ['CP1'], ${certificate()}`),
  other('External ID by the id of its tenant', certificate(), {
    authority: `authority: 'https://contoso.ciamlogin.com/${tenant}',`,
  }),
  other('External ID whose name is known', certificate(), {
    authority: `authority: 'https://contoso.ciamlogin.com/', knownAuthorities: ['${tenant}.ciamlogin.com'],`,
  }),
  {
    title: 'External ID by its name with a MSAL that takes it',
    make: async (app) => {
      await app.useMsal('3.8.10');
      return config(certificate(), { authority: `authority: 'https://contoso.ciamlogin.com/',` });
    },
    startsNot: true,
  },
  {
    title: 'the SHA-1 property with a MSAL that has no other',
    make: async (app) => {
      await app.useMsal('2.10.0');
      return config(certificate({ thumbprint: `'${app.material.own.sha1}'`, property: 'thumbprint' }));
    },
    startsNot: true,
  },
  {
    title: 'F35 a chain with its line ends',
    make: (app) => config(certificate({ more: ` x5c: ${JSON.stringify(app.material.own.certificate)}` })),
  },
  {
    title: 'a key that git ignores',
    make: async (app) => {
      app.git('init');
      await app.write('.gitignore', '*.key\n.env\n');
      return config(certificate());
    },
  },
];

async function usePlain(app: FindingApp, key: string): Promise<string> {
  await app.write('certs/app.key', app.material.own.key, 0o600);
  return plain(key);
}
