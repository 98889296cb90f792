/** Findings about thumbprints (facts/failure-modes.md F1 to F10, F31, F33). */
import { certificate, config, fromFile } from './app.ts';
import type { FindingApp } from './app.ts';
import type { Fix, Row } from './row.ts';

const clean: Fix = { title: 'Write the thumbprint as MSAL reads it' };
const right: Fix = { title: 'Use the thumbprint of the certificate that belongs to the key' };
const pairs = ({ material }: FindingApp, separator: string) => (material.own.sha256.match(/../g) ?? []).join(separator);

/** The same mistake at each of the places where a thumbprint can stand. */
function everywhere(
  code: string,
  title: string,
  text: (app: FindingApp) => string,
  fix: Fix,
  property = 'thumbprintSha256',
): Row[] {
  const shared = { code, severity: 'error', fix } as const;
  return [
    {
      ...shared,
      title: `${title}, in the code`,
      make: (app) => config(certificate({ thumbprint: `'${text(app)}'`, property })),
      where: (app) => `'${text(app)}'`,
    },
    {
      ...shared,
      title: `${title}, in a constant`,
      make: (app) =>
        config(certificate({ thumbprint: 'THUMB', property }), { before: `const THUMB = "${text(app)}";` }),
      where: (app) => `"${text(app)}"`,
    },
    {
      ...shared,
      title: `${title}, in .env`,
      make: async (app) => {
        await app.write('.env', `# settings\n${app.env({ THUMBPRINT: `"${text(app)}"` })}`);
        return config(certificate({ property }));
      },
      where: 'process.env.THUMBPRINT',
      env: 2,
    },
  ];
}

const wrong: Row[] = [
  ...everywhere('thumbprint-not-hex', 'F1 colons', (app) => pairs(app, ':'), clean),
  ...everywhere('thumbprint-not-hex', 'F2 spaces', (app) => pairs(app, ' '), clean),
  ...everywhere('thumbprint-invisible-character', 'F3 U+200E', (app) => `\u200e${app.material.own.sha256}`, clean),
  ...everywhere(
    'thumbprint-not-hex',
    'F4 base64',
    (app) => Buffer.from(app.material.own.sha256, 'hex').toString('base64'),
    clean,
  ),
  ...everywhere('thumbprint-not-hex', 'F4 a prefix', (app) => `sha256 Fingerprint=${pairs(app, ':')}`, clean),
  ...everywhere('thumbprint-sha1-as-sha256', 'F5 SHA-1 as SHA-256', (app) => app.material.own.sha1, right),
  ...everywhere('thumbprint-of-other-certificate', 'F8 another certificate', (app) => app.material.other.sha256, right),
  ...everywhere('thumbprint-wrong-length', 'a digit short', (app) => app.material.own.sha256.slice(1), right),
];

/** The SHA-1 property. */
const sha1: Row[] = [
  {
    code: 'thumbprint-sha256-as-sha1',
    title: 'F6 SHA-256 as SHA-1',
    make: (app) => config(certificate({ thumbprint: `'${app.material.own.sha256}'`, property: 'thumbprint' })),
    where: (app) => `'${app.material.own.sha256}'`,
    severity: 'error',
    fix: { title: 'Correct the name of the property', left: [] },
  },
  {
    code: 'thumbprint-sha256-as-sha1',
    title: 'F6 with a MSAL that has no other property',
    make: async (app) => {
      await app.useMsal('2.10.0');
      return config(certificate({ thumbprint: `'${app.material.own.sha256}'`, property: 'thumbprint' }));
    },
    where: (app) => `'${app.material.own.sha256}'`,
    severity: 'error',
    fix: { ...right, startsNot: true },
  },
  {
    code: 'thumbprint-sha1',
    title: 'the SHA-1 property where there is a better one',
    make: (app) => config(certificate({ thumbprint: `'${app.material.own.sha1}'`, property: '"thumbprint"' })),
    where: '"thumbprint"',
    severity: 'information',
    fix: { title: 'Use the SHA-256 thumbprint' },
  },
  {
    code: 'thumbprint-sha1',
    title: 'the SHA-1 property with its value in .env',
    make: async (app) => {
      await app.setEnv({ THUMBPRINT: app.material.own.sha1 });
      return config(certificate({ property: 'thumbprint' }));
    },
    where: 'thumbprint',
    severity: 'information',
    fix: { title: 'Use the SHA-256 thumbprint' },
  },
  {
    code: 'msal-node-too-old',
    title: 'F33 the SHA-256 property with a MSAL that does not know it',
    make: async (app) => {
      await app.useMsal('2.10.0');
      return config(certificate({ thumbprint: `'${app.material.own.sha256}'` }));
    },
    where: 'thumbprintSha256',
    severity: 'error',
    fix: { title: 'Use the SHA-1 thumbprint', startsNot: true },
  },
  {
    code: 'msal-node-too-old',
    title: 'F33 a range that allows one',
    make: async (app) => {
      await app.remove('node_modules');
      await app.write('package.json', '{"dependencies":{"@azure/msal-node":"^2.6.0"}}');
      return config(certificate());
    },
    where: 'thumbprintSha256',
    severity: 'warning',
  },
];

const missing: Row[] = [
  {
    code: 'thumbprint-missing',
    title: 'F10 no thumbprint',
    make: () => config(`clientCertificate: { privateKey: ${fromFile} },`),
    where: 'clientCertificate',
    severity: 'error',
  },
  {
    code: 'variable-not-set',
    title: 'F31 the thumbprint’s variable',
    make: async (app) => {
      await app.setEnv({ THUMBPRINT: undefined });
      return config(certificate());
    },
    where: 'process.env.THUMBPRINT',
    severity: 'error',
  },
];

export const thumbprintRows: readonly Row[] = [...wrong, ...sha1, ...missing];
