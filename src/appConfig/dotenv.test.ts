import assert from 'node:assert/strict';
import { parseEnv as nodeParseEnv } from 'node:util';
import dotenv from 'dotenv';
import fc from 'fast-check';
import { applyEdits } from '../base/edits.ts';
import { envLine, envValues, freeName, keptSecretComment, parseEnv, planEnvChange } from './dotenv.ts';
import { computing } from '../../test/host/computing.ts';

const samples = [
  '',
  'A=1',
  'A=1\n',
  '\uFEFFA=1\r\nB=2\r\n',
  'export A = "x y" # comment\nB=a#b\nC=\'a#b\'\nD=`it\'s "x"`',
  'A="line1\nline2"\nB=2\n',
  'A="a\\nb\\rc"\nB=\'a\\nb\'\n',
  'A="unclosed\nB=2\nC="x"\n',
  "A=\nB= \nC=''\n# D=1\n#E=2\nF: yaml\n",
  'A=1\nA=2\nA=3',
  "A='it\\'s'\nB='x\\'\nC='y'\n",
  ' A =  x  \n\n\n\tB\t=\ty',
  'A=1\rB=2\r',
  'A.b-c=1\n=x\nnovalue\nB',
];

/** Text made of what matters to the grammar. */
const envText = fc
  .array(
    fc.constantFrom(
      ...[
        'A',
        'B_1',
        'SECRET',
        '=',
        ' = ',
        ': ',
        '\n',
        '\n',
        '\r\n',
        '\r',
        '"',
        "'",
        '`',
        '\\',
        '\\n',
        '#',
        ' # c',
        ' ',
      ],
      ...['export ', 'x', 'é', '\u2028', '\uFEFF', '$A', '\t', '\0'],
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''));

/** A `.env` as people write it: assignments, comments, blank lines. */
const tidyEnv = fc
  .record({
    lines: fc.array(
      fc.oneof(
        fc.constantFrom('', '# a comment', '#X=1', 'PORT=3000', 'export HOST="a b"', "KEY='x#y'", 'MULTI="a\nb"', 'E='),
        fc.constantFrom('SECRET=abc~123', 'SECRET="q w" # old', '  SECRET = z'),
      ),
      { maxLength: 8 },
    ),
    eol: fc.constantFrom('\n', '\r\n'),
    final: fc.boolean(),
    bom: fc.boolean(),
  })
  .map(({ lines, eol, final, bom }) => {
    const text = lines.map((line) => line.replaceAll('\n', eol)).join(eol) + (final ? eol : '');
    return (bom ? '\uFEFF' : '') + text;
  });

describe('.env reader', () => {
  for (const text of samples) {
    it(`reads ${JSON.stringify(text)} as dotenv does`, () => {
      assert.deepEqual(Object.fromEntries(envValues(text)), { ...dotenv.parse(text) });
    });
  }

  it('reads any text as dotenv does', () => {
    fc.assert(
      fc.property(envText, (text) => {
        assert.deepEqual(Object.fromEntries(envValues(text)), { ...dotenv.parse(text) });
      }),
      { numRuns: 2000 },
    );
  });

  it('tells where each value stands, with CRLF, BOM and several lines', () => {
    const text = '\uFEFF# x\r\nexport A = "a\r\nb" # c\r\nB=2';
    const [a, b] = parseEnv(text);
    assert.equal(text.slice(a!.valueStart, a!.valueEnd), '"a\r\nb"');
    assert.equal(text.slice(a!.lineStart, a!.lineEnd), 'export A = "a\r\nb" # c');
    assert.equal(a!.line, 2);
    assert.equal(text.slice(b!.lineStart, b!.lineEnd), 'B=2');
    assert.equal(b!.line, 4);
  });

  it('refuses a file that is no .env, and is quick about hostile ones', () => {
    assert.throws(() => parseEnv('A=1\n'.repeat(20_000)), { code: 'env-file-too-large' });
    const spent = computing();
    parseEnv("A='\\'\n".repeat(10_000));
    assert.ok(spent() < 2000);
  });
});

describe('.env line', () => {
  it('is read back byte for byte by dotenv and by Node', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ maxLength: 30 }), envText), (value) => {
        let written: string;
        try {
          written = envLine({ name: 'X', value });
        } catch (error) {
          assert.equal((error as { code?: string }).code, 'value-not-for-env');
          return;
        }
        const text = `A=1\n${written}\nB=2\n`;
        assert.deepEqual({ ...dotenv.parse(text) }, { A: '1', X: value, B: '2' });
        // Node's own reader knows no way to write every odd value; those with quotes, backslashes or line ends are left to dotenv.
        if (!/['"`\\\r\n\u2028\uFEFF]/.test(value)) assert.equal(nodeParseEnv(text).X, value);
      }),
      { numRuns: 3000 },
    );
  });

  it('is bare where that is safe, else quoted as little as needed', () => {
    assert.equal(envLine({ name: 'X', value: 'certs/app.key' }), 'X=certs/app.key');
    assert.equal(envLine({ name: 'X', value: 'a b#c' }), "X='a b#c'");
    assert.equal(envLine({ name: 'X', value: "it's" }), 'X="it\'s"');
    assert.equal(envLine({ name: 'X', value: String.raw`C:\new\key.pem` }), String.raw`X='C:\new\key.pem'`);
    assert.equal(envLine({ name: 'X', value: "it's\\new" }), "X=`it's\\new`");
    assert.equal(envLine({ name: 'X', value: 'a$b' }, true), String.raw`X='a\$b'`);
  });
});

describe('.env change', () => {
  const variables = [
    { name: 'CERT_THUMBPRINT', value: 'AB'.repeat(32) },
    { name: 'CERT_KEY_PATH', value: 'certs/my app.key' },
  ];

  it('puts new lines below the secret and says why the secret stays', () => {
    const text = '# app\r\nPORT=3000\r\nSECRET=abc~1 # from the portal\r\n\r\nHOST=x';
    const after = applyEdits(text, planEnvChange(text, { variables, secret: 'SECRET' }));
    assert.equal(
      after,
      `# app\r\nPORT=3000\r\n${keptSecretComment}\r\nSECRET=abc~1 # from the portal\r\n` +
        `CERT_THUMBPRINT=${'AB'.repeat(32)}\r\nCERT_KEY_PATH='certs/my app.key'\r\n\r\nHOST=x`,
    );
  });

  it('keeps every other byte and value, sets the new ones exactly, and has nothing to do the second time', () => {
    const passphrase = fc.oneof(fc.string({ maxLength: 12 }), fc.constant('a$b#c d'));
    fc.assert(
      fc.property(tidyEnv, passphrase, (text, value) => {
        fc.pre(!/[\r\n\0'"`]/.test(value));
        const change = { variables: [...variables, { name: 'PASS', value }], secret: 'SECRET' };
        const edits = planEnvChange(text, change);
        const after = applyEdits(text, edits);
        assert.ok(edits.every((edit) => edit.length === 0));
        const expected = {
          ...dotenv.parse(text),
          ...Object.fromEntries(change.variables.map((v) => [v.name, v.value])),
        };
        assert.deepEqual({ ...dotenv.parse(after) }, expected);
        assert.deepEqual(planEnvChange(after, change), []);
        if (text.trim() !== '') assert.equal(/[\r\n]$/.test(after), /[\r\n]$/.test(text));
        if (text.includes('\r\n')) assert.ok(!/[^\r]\n/.test(after));
        assert.equal(after.startsWith('\uFEFF'), text.startsWith('\uFEFF'));
      }),
      { numRuns: 1000 },
    );
  });

  it('makes a new file, the kept secret first', () => {
    const change = { variables, secret: 'CLIENT_SECRET', secretValue: 'abc~1' };
    const after = applyEdits('', planEnvChange(undefined, change));
    assert.equal(
      after,
      `${keptSecretComment}\nCLIENT_SECRET=abc~1\nCERT_THUMBPRINT=${'AB'.repeat(32)}\nCERT_KEY_PATH='certs/my app.key'\n`,
    );
    assert.deepEqual(planEnvChange(after, change), []);
  });

  it('follows the last of several lines with the secret', () => {
    const text = 'SECRET=old\nPORT=1\nSECRET=new\n';
    const after = applyEdits(text, planEnvChange(text, { variables: variables.slice(0, 1), secret: 'SECRET' }));
    assert.match(after, /^SECRET=old\nPORT=1\n# Kept.*\nSECRET=new\nCERT_THUMBPRINT=/);
  });

  it('is refused where it would change another value', () => {
    // dotenv reads `=` on the next line too, when no value follows.
    const text = 'SECRET\r\n=';
    assert.equal(envValues(text).get('SECRET'), '');
    assert.throws(() => planEnvChange(text, { variables, secret: 'SECRET' }), {
      code: 'env-file-not-editable',
    });
  });

  it('takes the next free name', () => {
    const taken = new Map([
      ['X', '1'],
      ['X_2', '2'],
    ]);
    assert.equal(freeName('X', '3', taken), 'X_3');
    assert.equal(freeName('X', '1', taken), 'X');
    assert.equal(freeName('Y', '1', taken), 'Y');
  });
});
