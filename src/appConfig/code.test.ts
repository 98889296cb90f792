import assert from 'node:assert/strict';
import { isExpectedError, type ExpectedError } from '../base/errors.ts';
import {
  findConfigImports,
  findSecretReaders,
  findSites,
  parseSource,
  resolveExpression,
  rewriteSite,
} from './code.ts';
import type { CodeRewriteRequest } from './code.types.ts';

function failure(action: () => unknown): ExpectedError {
  try {
    action();
  } catch (error) {
    if (isExpectedError(error)) return error;
    throw error;
  }
  throw new assert.AssertionError({ message: 'It should have failed.' });
}

const request: CodeRewriteRequest = {
  keyFrom: 'file',
  thumbprintProperty: 'thumbprintSha256',
  thumbprint: { kind: 'environment', variable: 'THUMBPRINT' },
  keyPath: { kind: 'environment', variable: 'KEY_PATH' },
  moduleKind: 'commonjs',
};

describe('parsing a source', () => {
  it('tells line and column of the first mistake', () => {
    const error = failure(() => parseSource('\uFEFFconst a = 1;\r\nconst = 2;\r\n', '/app/config.js'));
    assert.equal(error.code, 'config-does-not-parse');
    assert.deepEqual({ ...error.details }, { file: '/app/config.js', line: 2, column: 7 });
    assert.doesNotMatch(error.message, /\(2:6\)/);
  });

  it('takes BOM, hashbang, both, decorators on parameters, JSX, type assertions and the newest syntax', () => {
    for (const [text, name] of [
      ['\uFEFF#!/usr/bin/env node\nlet a = 1', 'a.js'],
      ['#!/usr/bin/env node\nreturn', 'a.cjs'],
      ['class A { constructor(@Inject("x") private readonly x: string) {} }', 'a.ts'],
      ['const a = <string>b;', 'a.mts'],
      ['const a = <b>{c}</b>; export const d = a as unknown;', 'a.tsx'],
      ['const a = <b/>; const x = await a;', 'a.jsx'],
      ['class A { accessor b = 1; static accessor c; }', 'a.ts'],
      ["import defer * as a from './a.js'; import source b from './b.wasm';", 'a.js'],
      ["import a from './a.json' assert { type: 'json' }; const b = ' assert ';", 'a.mjs'],
      ['{ "auth": [1, true, null] }', 'a.json'],
    ] as const)
      assert.equal(parseSource(text, name).text, text);
  });

  it('ends at once on nesting that would exhaust the stack, and on files that are no configuration', () => {
    const start = performance.now();
    assert.equal(failure(() => parseSource('['.repeat(200_000), 'a.js')).code, 'config-does-not-parse');
    assert.equal(failure(() => parseSource('a'.repeat(2_000_001), 'a.js')).code, 'config-too-large');
    const flat = parseSource(`x = ${'1+'.repeat(3000)}1`, 'a.js');
    assert.deepEqual(findSites(flat), []);
    assert.ok(performance.now() - start < 2000);
  });

  it('survives names that refer to themselves', () => {
    const source = parseSource(
      `const { ConfidentialClientApplication } = require('@azure/msal-node');
       const a = b; const b = a; function f() { return f(); } const c = { ...c, auth: c.auth };
       new ConfidentialClientApplication(a); new ConfidentialClientApplication(f()); new ConfidentialClientApplication(c);
       new ConfidentialClientApplication({ auth: { clientId: a, clientSecret: a } });`,
      'a.js',
    );
    const [site] = findSites(source);
    assert.equal(site?.credential, 'secret');
    assert.equal(failure(() => rewriteSite(source, site, request)).code, 'secret-is-computed');
  });
});

describe('reading values', () => {
  const value = (code: string, env: Record<string, string> = {}): string | undefined => {
    const source = parseSource(
      `${code}\nmsal = new ConfidentialClientApplication({ auth: { clientId, clientSecret: 'x' } })`,
      'a.js',
    );
    const [site] = findSites(source);
    assert.ok(site?.clientId);
    return resolveExpression(source, site.clientId, (name) => env[name]).value;
  };

  it('follows constants, templates, concatenation, fall-backs and members', () => {
    assert.equal(value("const clientId = 'a' + `b${1}`"), 'ab1');
    assert.equal(value("const host = process.env.HOST || 'h'; const clientId = `https://${host}/`"), 'https://h/');
    assert.equal(value('const clientId = process.env.ID', { ID: '42' }), '42');
    assert.equal(value("const clientId = process.env.ID ?? 'none'", { ID: '' }), '');
    assert.equal(value("const clientId = process.env.ID || 'none'", { ID: '' }), 'none');
    assert.equal(value("const s = { azure: { id: '7' } }; const clientId = s.azure.id"), '7');
    assert.equal(value('const { ID: clientId } = process.env', { ID: '8' }), '8');
  });

  it('says nothing where only running the code would tell', () => {
    assert.equal(value('const clientId = load()'), undefined);
    assert.equal(value("let clientId = 'a'; clientId = 'b'"), undefined);
    assert.equal(value('const clientId = `${process.env.NOT_SET}x`'), undefined);
  });
});

describe('looking into other files', () => {
  it('names the module that holds the configuration', () => {
    const specifiers = (code: string): string[] =>
      findConfigImports(parseSource(code, 'a.ts')).map(({ specifier, exportedName }) => `${specifier} ${exportedName}`);
    const head = "import * as msal from '@azure/msal-node';";
    assert.deepEqual(
      specifiers(`${head} import config from './config'; new msal.ConfidentialClientApplication(config)`),
      ['./config default'],
    );
    assert.deepEqual(
      specifiers(`${head} import { a as b } from '../x'; new msal.ConfidentialClientApplication({ ...b, cache })`),
      ['../x a'],
    );
    assert.deepEqual(
      specifiers(`${head} const all = require('./all'); new msal.ConfidentialClientApplication(all.msal)`),
      ['./all msal'],
    );
    assert.deepEqual(
      specifiers(`${head} import { makeConfig } from './make'; new msal.ConfidentialClientApplication(makeConfig())`),
      ['./make makeConfig'],
    );
    assert.deepEqual(
      specifiers(`${head} import { msalConfig } from './c'; export default new AuthProvider(msalConfig)`),
      ['./c msalConfig'],
    );
    assert.deepEqual(specifiers(`${head} import { config } from './c'; new msal.PublicClientApplication(config)`), []);
  });

  it('finds readers of the variable and of the exported configuration', () => {
    const code = `import { z } from 'zod';
import { msalConfig } from './authConfig';
const schema = z.object({ CLIENT_SECRET: z.string() });
const { CLIENT_SECRET } = process.env;
if (!process.env.CLIENT_SECRET) throw new Error('missing');
send(msalConfig.auth.clientSecret);
process.env['CLIENT_SECRET'] = 'x';
check(['CLIENT_SECRET']);
other.auth.clientSecret;
hash(process.env.CLIENT_SECRET);`;
    const found = findSecretReaders(parseSource(code, 'a.ts'), {
      variables: ['CLIENT_SECRET'],
      exportedName: 'msalConfig',
    });
    assert.deepEqual(
      found.map(({ kind, line }) => `${line} ${kind}`),
      ['3 name', '4 constant', '5 guard', '6 config', '7 write', '8 name', '10 use'],
    );
  });
});

describe('a rewrite request', () => {
  it('never puts a key into a variable that is shipped to browsers', () => {
    const source = parseSource(
      'exports.x = new ConfidentialClientApplication({ auth: { clientId, clientSecret: process.env.S } })',
      'a.js',
    );
    const [site] = findSites(source);
    assert.ok(site);
    const error = failure(() =>
      rewriteSite(source, site, { ...request, keyPath: { kind: 'environment', variable: 'NEXT_PUBLIC_KEY' } }),
    );
    assert.equal(error.code, 'public-variable');
  });

  it('tells no secret in its errors', () => {
    const source = parseSource(
      "exports.x = new ConfidentialClientApplication({ auth: { clientId, clientSecret: decode('top.secret', `a${b}top.secret`) } })",
      'a.js',
    );
    const [site] = findSites(source);
    assert.ok(site);
    assert.doesNotMatch(failure(() => rewriteSite(source, site, request)).message, /top\.secret/);
    assert.doesNotMatch(JSON.stringify(site.secret), /top\.secret/);
  });
});
