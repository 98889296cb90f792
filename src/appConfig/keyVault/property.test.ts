import assert from 'node:assert/strict';
import * as crypto from 'node:crypto';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { makeIdentity } from '../../../test/sandbox/testing.ts';
import { applyEdits } from '../../base/edits.ts';
import { findSites, parseSource, rewriteSite } from '../code.ts';
import { planRewrite } from '../index.ts';
import { moduleText } from '../moduleText.ts';
import { goldenCases } from '../testing/goldenCases.ts';
import { memoryReader } from '../testing/memoryReader.ts';
import type { RewritePlan } from '../types.ts';

/** Generated CommonJS apps: rewritten, then really run, with stand-ins for packages that answer late. */
const style = fc.record({
  unit: fc.constantFrom('  ', '    ', '\t'),
  quote: fc.constantFrom("'" as const, '"' as const),
  eol: fc.constantFrom('\n' as const, '\r\n' as const),
  bom: fc.boolean(),
  semicolons: fc.boolean(),
  header: fc.constantFrom('', '/* Copyright (c) Contoso */', "'use strict';"),
  ownFile: fc.boolean(),
  build: fc.constantFrom('loaded', 'factory', 'lazy', 'method', 'constructor', 'field', 'nested'),
  user: fc.constantFrom('function', 'arrow', 'method', 'loop', 'callback', 'routes', 'try'),
  inline: fc.boolean(),
});
type Choice = typeof style extends fc.Arbitrary<infer T> ? T : never;

describe('every CommonJS app that is made to wait', function () {
  this.timeout(60_000);
  const identity = makeIdentity();

  it('builds its clients when the certificate is there, and keeps all else', () =>
    fc.assert(
      fc.asyncProperty(style, async (choice) => {
        const files = appFor(choice);
        const planned = await plan(files);
        assert.equal(planned.status, 'rewrite');
        const after = { ...files };
        for (const { path, before, edits } of planned.files) {
          let last = 0;
          for (const { offset, length } of edits) {
            assert.ok(offset >= last, 'edits are ordered and do not overlap');
            last = offset + length;
          }
          after[path] = applyEdits(before ?? '', edits);
          if (path.endsWith('.js')) checkText(before, after[path], path, choice);
        }
        const text = JSON.stringify(after, null, 2);
        assert.equal(await start(after, identity), 'made with the key', text);
        assert.equal((await plan(after)).status, 'nothing-to-do');
      }),
      { numRuns: 300 },
    ));
});

describe('every configuration that takes its certificate from a module', () => {
  for (const golden of goldenCases()) {
    if (/^(decline|no-site|already)-/.test(golden.name) || golden.fileName.endsWith('.json')) continue;
    for (const use of ['call', 'await', 'constant', 'reference'] as const)
      it(`keeps its promises for ${golden.name} with ${use}`, () => {
        const source = parseSource(golden.text, golden.fileName);
        const site = findSites(source, golden.options.hints).find(({ credential }) => credential === 'secret');
        assert.ok(site);
        const imported = {
          property: 'clientCertificate',
          specifier: './keyVaultCertificate',
          name: 'getClientCertificate',
          use,
          type: 'unknown',
          variables: [],
        } as const;
        const moduleKind = source.syntax ?? 'commonjs';
        const request = { keyFrom: 'keyVault', thumbprintProperty: 'thumbprintSha256', imported, moduleKind } as const;
        const { edits } = rewriteSite(source, site, request);
        const output = applyEdits(golden.text, edits);
        // In CommonJS, or in a function, no plan awaits; how it is laid out is the same.
        const text = output.replaceAll('await getClientCertificate', 'getClientCertificate');
        const parsed = parseSource(text, golden.fileName);
        assert.equal(text.split('getClientCertificate').length, 3, 'imported and used once');
        const now = findSites(parsed, golden.options.hints).filter(({ credential }) => credential === 'certificate');
        assert.ok(now.length > 0);
        assert.equal(output.startsWith('\uFEFF'), golden.text.startsWith('\uFEFF'));
        assert.equal(output.endsWith('\n'), golden.text.endsWith('\n'));
        if (!/(?<!\r)\n/.test(golden.text)) assert.ok(!/(?<!\r)\n/.test(output), 'CRLF stays');
        const [first] = now;
        assert.ok(first && rewriteSite(parsed, first, request).nothingToDo !== undefined);
      });
  }
});

const plan = (files: Readonly<Record<string, string>>): Promise<RewritePlan> =>
  planRewrite(
    {
      file: '/app/config.js' in files ? '/app/config.js' : '/app/main.js',
      keyFrom: 'keyVault',
      thumbprintSha256: '',
      thumbprintSha1: '',
      roots: ['/app'],
      vault: { origin: 'https://v.vault.azure.net', certificate: 'c', version: '0'.repeat(32) },
    },
    memoryReader(files),
  );

/** Lines without a part in it are kept in their order; line ends, BOM and semicolons stay as they are. */
function checkText(before: string | undefined, after: string, path: string, choice: Choice): void {
  const source = parseSource(after, path);
  if (choice.eol === '\r\n') assert.ok(!/(?<!\r)\n/.test(after), 'CRLF stays');
  else assert.ok(!after.includes('\r'));
  if (!choice.semicolons) assert.ok(!/;\r?$/m.test(after.replace(/; \}\)?\)?$/gm, '')), after);
  if (before === undefined) return;
  assert.equal(after.startsWith('\uFEFF'), before.startsWith('\uFEFF'));
  assert.equal(after.endsWith('\n'), before.endsWith('\n'));
  if (before.includes('clientSecret'))
    assert.equal(findSites(source, { configExports: ['config'] })[0]?.credential, 'certificate', after);
  let from = 0;
  for (const line of before.replace('\uFEFF', '').split(/\r?\n/)) {
    if (/clientSecret|= new|=> new|use\(|listen|^main\(/.test(line)) continue;
    const found = after.indexOf(line, from);
    assert.ok(found >= 0, `kept: ${line}\n${after}`);
    from = found + line.length;
  }
}

function appFor(choice: Choice): Record<string, string> {
  const write = (text: string): string =>
    (choice.bom ? '\uFEFF' : '') +
    moduleText(choice.header === '' ? text : `${choice.header}\n${text}`, {
      ...choice,
      typescript: false,
      imports: false,
      moduleKind: 'commonjs',
    });
  const auth = choice.inline
    ? `{ auth: { clientId: 'app', clientSecret: process.env.APP_SECRET } }`
    : `{\n  auth: {\n    clientId: 'app',\n    clientSecret: process.env.APP_SECRET,\n  },\n}`;
  const config = `const config = ${auth};\n`;
  const main = `const msal = require('@azure/msal-node');\n${choice.ownFile ? `const { config } = require('./config');\n` : `\n${config}`}\n${build[choice.build]}\n${user[choice.user]}`;
  return {
    '/app/package.json': '{"dependencies":{"@azure/msal-node":"7.2.3"}}',
    '/app/main.js': write(main),
    ...(choice.ownFile ? { '/app/config.js': write(`${config}\nmodule.exports = { config };\n`) } : {}),
  };
}

/** Each defines `use()`, which gives a client. */
const build: Record<Choice['build'], string> = {
  loaded: `// The one client.
const client = new msal.ConfidentialClientApplication(config);
const use = () => client;
`,
  factory: `function use() {
  return new msal.ConfidentialClientApplication(config);
}
`,
  lazy: `let client;
const use = () => {
  client ??= new msal.ConfidentialClientApplication(config);
  return client;
};
`,
  method: `class Provider {
  getInstance() {
    return new msal.ConfidentialClientApplication(config);
  }
}
const provider = new Provider();
const use = () => provider.getInstance();
`,
  constructor: `class Provider {
  constructor() {
    this.client = new msal.ConfidentialClientApplication(config);
  }
}
const use = () => new Provider().client;
`,
  field: `class Provider {
  client = new msal.ConfidentialClientApplication(config);
}
const provider = new Provider();
function use() {
  return provider.client;
}
`,
  nested: `const use = () => [1].map(() => new msal.ConfidentialClientApplication(config))[0];
`,
};

/** Each exports `run()`. */
const user: Record<Choice['user'], string> = {
  function: `async function run() {
  const client = use();
  return client.token();
}
module.exports = { run };
`,
  arrow: `exports.run = async () => use().token();
`,
  method: `module.exports = {
  async run() {
    return use().token();
  },
};
`,
  loop: `exports.run = async function () {
  let token;
  for (const _ of [1, 2]) {
    if (_ > 0) token = await use().token();
  }
  return token;
};
`,
  callback: `exports.run = async () => {
  const tokens = await Promise.all([1, 2].map((_) => use().token()));
  return tokens[0];
};
`,
  routes: `const app = require('express')();
app.get('/', (req, res) => {
  use().token().then((token) => res.send(token));
});
app.listen(3000);
exports.run = () => app.request();
`,
  try: `exports.run = async () => {
  try {
    return await use().token();
  } catch (error) {
    return error.message;
  }
};
`,
};

/** Loads the app as CommonJS and asks for a token at once, long before the vault has answered. */
async function start(
  files: Readonly<Record<string, string>>,
  identity: ReturnType<typeof makeIdentity>,
): Promise<unknown> {
  const late = <T>(value: T): Promise<T> => new Promise((resolve) => setImmediate(() => setImmediate(resolve, value)));
  class ConfidentialClientApplication {
    private readonly key: string;
    constructor({ auth }: { auth: { clientCertificate: { privateKey: string; thumbprintSha256: string } } }) {
      this.key = auth.clientCertificate.privateKey;
      assert.match(auth.clientCertificate.thumbprintSha256, /^[0-9A-F]{64}$/);
    }
    token(): Promise<string> {
      return Promise.resolve(this.key === identity.privateKeyPem ? 'made with the key' : 'made too early');
    }
  }
  const packages: Record<string, unknown> = {
    crypto,
    '@azure/msal-node': { ConfidentialClientApplication },
    '@azure/identity': { DefaultAzureCredential: Object },
    '@azure/keyvault-certificates': {
      CertificateClient: class {
        getCertificateVersion = () => late({ cer: identity.der, properties: { enabled: true } });
      },
    },
    '@azure/keyvault-secrets': {
      SecretClient: class {
        getSecret = () => late({ value: identity.privateKeyPem });
      },
    },
    'node-forge': {},
    express: expressStandIn,
  };
  const env = {
    KEY_VAULT_URL: 'https://v',
    CLIENT_CERTIFICATE_NAME: 'c',
    CLIENT_CERTIFICATE_VERSION: '1',
    APP_SECRET: 's',
  };
  const loaded = new Map<string, { exports: unknown }>();
  const load = (path: string): unknown => {
    const known = loaded.get(path);
    if (known) return known.exports;
    const module = { exports: {} as unknown };
    loaded.set(path, module);
    const required = (name: string): unknown =>
      name.startsWith('.') ? load(`${join(dirname(path), name)}.js`) : packages[name];
    const text = (files[path] ?? '').replace('\uFEFF', '');
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the test's own text, run as Node runs CommonJS
    const run = new Function('require', 'module', 'exports', 'process', text) as (...parts: unknown[]) => void;
    run(required, module, module.exports, { env });
    return module.exports;
  };
  return (load('/app/main.js') as { run(): Promise<unknown> }).run();
}

/** Takes requests only when it listens. */
function expressStandIn(): unknown {
  let listening: (() => void) | undefined;
  const ready = new Promise<void>((resolve) => (listening = resolve));
  let handler: ((request: unknown, response: { send(text: string): void }) => void) | undefined;
  return {
    get: (_: string, each: typeof handler) => (handler = each),
    listen: () => listening?.(),
    request: () => ready.then(() => new Promise((resolve) => handler?.({}, { send: resolve }))),
  };
}
