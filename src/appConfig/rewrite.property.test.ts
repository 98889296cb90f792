import assert from 'node:assert/strict';
import fc from 'fast-check';
import { applyEdits } from '../base/edits.ts';
import { findSites, parseSource, resolveExpression, rewriteSite } from './code.ts';
import type { CodeRewrite, ConfigSite, ParsedSource } from './code.types.ts';
import { goldenCases, requestFor } from './testing/goldenCases.ts';

/** What every rewrite keeps, whatever the shape. */
function checkRewrite(
  source: ParsedSource,
  site: ConfigSite,
  rewrite: CodeRewrite,
  again: (text: string) => CodeRewrite,
): string {
  const { text } = source;
  const output = applyEdits(text, rewrite.edits);
  let last = 0;
  for (const { offset, length } of rewrite.edits) {
    assert.ok(offset >= last, 'edits are ordered and do not overlap');
    last = offset + length;
  }
  const parsed = parseSource(output, source.fileName);
  const after = findSites(parsed).concat(findSites(parsed, { configExports: ['signIn'] }));
  const own = after.find(({ certificate }) => certificate !== undefined);
  assert.ok(own, 'the configuration has a certificate');
  assert.equal(own.credential, 'certificate');
  assert.ok(own.certificate?.privateKey && own.certificate.thumbprint);
  const environment = (name: string): string => `value of ${name}`;
  const thumbprint = resolveExpression(parsed, own.certificate.thumbprint, environment).value;
  assert.ok(thumbprint === 'value of CLIENT_CERTIFICATE_THUMBPRINT' || /^[0-9A-F]{64}$/.test(thumbprint ?? ''));
  assert.deepEqual(again(output).edits, [], 'a second run changes nothing');

  const secretEnd = site.nodes.secret?.end ?? 0;
  const touched = (offset: number, end: number): boolean =>
    rewrite.edits.some((edit) =>
      edit.length > 0
        ? edit.offset < end && edit.offset + edit.length > offset
        : edit.offset > offset && edit.offset < end - 1,
    );
  let from = 0;
  let position = 0;
  for (const line of text.split(/(?<=\n)/)) {
    const end = position + line.trimEnd().length + 1;
    if (!touched(position, end)) {
      // A line that got an import behind it keeps its text in any case.
      const found = output.indexOf(line.replace(/\r?\n$/, '').replace('\uFEFF', ''), from);
      assert.ok(found >= 0, `kept: ${line}`);
      from = found;
    }
    position += line.length;
  }
  assert.ok(output.includes(text.slice(Math.max(secretEnd, last)).replace(/^[^\n]*/, '')), 'what follows is kept');
  if (!/(?<!\r)\n/.test(text)) assert.ok(!/(?<!\r)\n/.test(output), 'CRLF stays');
  if (!text.includes('\r')) assert.ok(!output.includes('\r'));
  assert.equal(output.startsWith('\uFEFF'), text.startsWith('\uFEFF'));
  assert.equal(output.endsWith('\n'), text.endsWith('\n'));
  return output;
}

describe('every rewrite', () => {
  for (const golden of goldenCases()) {
    const source = ((): ParsedSource | undefined => {
      try {
        return parseSource(golden.text, golden.fileName);
      } catch {
        return undefined;
      }
    })();
    const site = source && findSites(source, golden.options.hints).find(({ credential }) => credential === 'secret');
    if (!source || !site || golden.name.startsWith('decline-') || golden.name === 'two-clients') continue;
    it(`keeps its promises for ${golden.name}`, () => {
      const request = requestFor(golden.options, source);
      checkRewrite(source, site, rewriteSite(source, site, request), (text) => {
        const next = parseSource(text, golden.fileName);
        const found = findSites(next, golden.options.hints)[0];
        assert.ok(found);
        return rewriteSite(next, found, request);
      });
    });
  }

  it('keeps its promises for generated files', () => {
    const style = fc.record({
      unit: fc.constantFrom('  ', '    ', '\t', '   '),
      quote: fc.constantFrom("'", '"'),
      eol: fc.constantFrom('\n', '\r\n'),
      bom: fc.boolean(),
      semicolons: fc.boolean(),
      trailingComma: fc.boolean(),
      finalNewline: fc.boolean(),
      quoteKeys: fc.boolean(),
      module: fc.constantFrom('esm', 'commonjs'),
      header: fc.constantFrom('', '/* Copyright (c) Contoso */', "'use strict'", '// about sign-in'),
      secret: fc.constantFrom(
        'process.env.APP_SECRET',
        'process.env["APP_SECRET"]',
        "process.env.APP_SECRET || 'Enter_the_Client_Secret_Here'",
        "'made-up.value'",
        '(process.env.APP_SECRET)',
        '`${process.env.APP_SECRET}`',
        'secretFromAbove',
      ),
      comment: fc.constantFrom('', ' // client secret', ' /* secret */', ' // ticket 12', ' // a, b: {'),
      below: fc.constantFrom(
        '',
        '// clientCertificate: { thumbprint: "" }',
        '/* clientCertificate: {',
        '  privateKey: "" }, */',
      ),
      order: fc.shuffledSubarray(['clientId', 'clientSecret', 'authority'], { minLength: 3 }),
      place: fc.constantFrom('inline', 'variable', 'function', 'oneLine', 'dense'),
      fs: fc.constantFrom('none', 'namespace', 'named', 'taken'),
      keyFrom: fc.constantFrom('file' as const, 'environment' as const),
      encrypted: fc.boolean(),
    });
    fc.assert(
      fc.property(style, (choice) => {
        const text = fileFor(choice);
        const source = parseSource(text, 'config.js');
        const site = findSites(source)[0];
        assert.ok(site, text);
        assert.equal(site.credential, 'secret');
        const request = requestFor({ keyFrom: choice.keyFrom, encrypted: choice.encrypted }, source);
        const output = checkRewrite(source, site, rewriteSite(source, site, request), (next) => {
          const parsed = parseSource(next, 'config.js');
          const found = findSites(parsed)[0];
          assert.ok(found);
          return rewriteSite(parsed, found, request);
        });
        if (!text.includes('\t')) assert.ok(!output.includes('\t'));
        if (!text.includes(';')) assert.ok(!output.includes(';'), output);
      }),
      { numRuns: 400 },
    );
  });
});

interface Choice {
  readonly unit: string;
  readonly quote: string;
  readonly eol: string;
  readonly bom: boolean;
  readonly semicolons: boolean;
  readonly trailingComma: boolean;
  readonly finalNewline: boolean;
  readonly quoteKeys: boolean;
  readonly module: string;
  readonly header: string;
  readonly secret: string;
  readonly comment: string;
  readonly below: string;
  readonly order: readonly string[];
  readonly place: string;
  readonly fs: string;
}

function fileFor(choice: Choice): string {
  const { unit, quote: q, eol } = choice;
  const end = choice.semicolons || choice.place === 'dense' ? ';' : '';
  const key = (name: string): string => (choice.quoteKeys ? `${q}${name}${q}` : name);
  const esm = choice.module === 'esm';
  const bring = (names: string, from: string): string =>
    esm
      ? `import ${names.replace(':', ' as')} from ${q}${from}${q}${end}`
      : `const ${names.replace('* as ', '')} = require(${q}${from}${q})${end}`;
  const values: Record<string, string> = {
    clientId: 'process.env.APP_ID',
    clientSecret: choice.secret,
    authority: `${q}https://login.microsoftonline.com/common${q}`,
  };
  const oneLine = choice.place === 'oneLine' || choice.place === 'dense';
  const blank = choice.place === 'dense' ? '' : ' ';
  const fsLine = {
    none: '',
    namespace: bring('* as fs', 'fs'),
    named: bring('{ readFileSync: read }', 'fs'),
    taken: `const readFileSync = 1${end}`,
  }[choice.fs];
  const lines = [
    choice.header,
    bring('{ ConfidentialClientApplication }', '@azure/msal-node'),
    fsLine ?? '',
    `const secretFromAbove = process.env.APP_SECRET${end}`,
  ].filter((line) => line !== '');
  const object = (depth: string): string[] => {
    if (oneLine) {
      const list = choice.order.map((name) => `${key(name)}:${blank}${values[name] ?? ''}`).join(`,${blank}`);
      return [`{${blank}${key('auth')}:${blank}{${blank}${list}${blank}}${blank}}`];
    }
    const inside = depth + unit + unit;
    const properties = choice.order.flatMap((name, index) => {
      const comma = index < choice.order.length - 1 || choice.trailingComma ? ',' : '';
      const line = `${inside}${key(name)}: ${values[name] ?? ''}${comma}${name === 'clientSecret' ? choice.comment : ''}`;
      const below =
        name === 'clientSecret' && choice.below !== ''
          ? choice.below.startsWith('/*')
            ? [`${inside}${choice.below}`, `${inside}x */`]
            : choice.below.startsWith('//')
              ? [`${inside}${choice.below}`]
              : []
          : [];
      return [line, ...below];
    });
    return [
      '{',
      `${depth}${unit}${key('auth')}: {`,
      ...properties,
      `${depth}${unit}}${choice.trailingComma ? ',' : ''}`,
      `${depth}}`,
    ];
  };
  const name = esm ? 'export const client' : 'const client';
  if (choice.place === 'variable') {
    const [first, ...rest] = object('');
    lines.push(
      `const msalConfig = ${first ?? ''}`,
      ...rest.slice(0, -1),
      `${rest.at(-1) ?? ''}${end}`,
      `${name} = new ConfidentialClientApplication(msalConfig)${end}`,
    );
  } else if (choice.place === 'function') {
    const [first, ...rest] = object(unit);
    lines.push(
      'function make() {',
      `${unit}return new ConfidentialClientApplication(${first ?? ''}`,
      ...rest.slice(0, -1),
      `${rest.at(-1) ?? ''})${end}`,
      '}',
      `${name} = make()${end}`,
    );
  } else {
    const [first, ...rest] = object('');
    lines.push([`${name} = new ConfidentialClientApplication(${first ?? ''}`, ...rest].join(eol) + `)${end}`);
  }
  const separator = choice.place === 'dense' && choice.header === '' && choice.fs !== 'taken' ? '' : eol;
  return `${choice.bom ? '\uFEFF' : ''}${lines.join(separator)}${choice.finalNewline ? eol : ''}`;
}
