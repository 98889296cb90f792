import assert from 'node:assert/strict';
import fc from 'fast-check';
import { toDer, readDer } from './der.ts';
import { nameText } from './names.ts';
import { parseSubject, validateSubject } from './subject.ts';
import { nameAsn1, openSslSubject, windowsSubject } from './subjectForms.ts';

const parsed = (text: string): string[] => parseSubject(text).map(({ type, value }) => `${type.name}=${value}`);

describe('a subject', function () {
  // The generator of strings takes its time to start.
  this.timeout(120_000);

  it('without an equals sign is a common name, taken as it is', () => {
    assert.deepEqual(parsed('  ciam-client-app '), ['CN=ciam-client-app']);
    assert.deepEqual(parsed('Contoso, Inc. "\\" + ä'), ['CN=Contoso, Inc. "\\" + ä']);
  });

  it('is read as RFC 4514 text', () => {
    assert.deepEqual(parsed('CN=app, O=Contoso;C=de'), ['CN=app', 'O=Contoso', 'C=DE']);
    assert.deepEqual(parsed('cn = app ,ou=A B '), ['CN=app', 'OU=A B']);
    assert.deepEqual(parsed('CN="a, b = c + \\"d\\"", O=x'), ['CN=a, b = c + "d"', 'O=x']);
    assert.deepEqual(parsed('CN=a\\, b\\+c\\ , O=\\E6\\BC\\A2字'), ['CN=a, b+c ', 'O=漢字']);
    assert.deepEqual(parsed('2.5.4.3=app, S=Bayern, E=a@b.example'), [
      'CN=app',
      'ST=Bayern',
      'emailAddress=a@b.example',
    ]);
    assert.deepEqual(parsed('CN=a=b/c'), ['CN=a=b/c']);
  });

  const refused: [name: string, subject: string, says: RegExp][] = [
    ['empty', '   ', /empty/],
    ['overlong', 'x'.repeat(1001), /1000/],
    ['a common name over 64 characters', '😀'.repeat(65), /CN.*64/],
    ['an unknown attribute', 'CN=a, FOO=b', /"FOO"/],
    ['several values in one part', 'CN=a+OU=b', /several attributes/],
    ['an attribute without value', 'CN=a, O=', /no value for O/],
    ['a part without an attribute', 'CN=a, Contoso', /"Contoso"/],
    ['a comma at the end', 'CN=a,', /comma/],
    ['an encoded value', 'CN=#0C0161', /#/],
    ['an open quote', 'CN="a, O=b', /double quotes/],
    ['text after a quote', 'CN="a" b', /double quotes/],
    ['a quote inside', 'CN=a"b', /double quote/],
    ['an escape of nothing', 'CN=a\\', /backslash/],
    ['escaped bytes that are no text', 'CN=\\FF\\FE', /no text/],
    ['an escaped line feed', 'CN=a\\0Ab', /no text/],
    ['a line feed', 'CN=a\nO=b', /U\+000A/],
    ['a zero byte', 'a\0b', /U\+0000/],
    ['a direction mark', 'app\u202egpj', /U\+202E/],
    ['a blank without width', '\u200bapp', /U\+200B/],
    ['a joiner of words', 'a\u2060b', /U\+2060/],
    ['a soft hyphen', 'app\u00ad', /U\+00AD/],
    ['an escaped blank without width', 'CN=a\\E2\\80\\8B', /no text/],
    ['half a surrogate pair', 'a\ud800', /U\+D800/],
    ['a country that is no code', 'CN=a, C=Germany', /two letters/],
    ['a mail address beyond ASCII', 'E=ä@b.example', /ASCII/],
    ['the form of OpenSSL', '/CN=a/O=b', /CN=app, O=Contoso/],
  ];
  for (const [name, subject, says] of refused) {
    it(`is refused: ${name}`, () => {
      assert.match(validateSubject(subject) ?? 'accepted', says);
      assert.throws(() => parseSubject(subject), { code: 'subject-invalid' });
    });
  }

  it('comes out of a certificate as it went in, whatever its characters', () => {
    // Blanks inside a value are kept by both sides; the reader escapes what cannot be seen.
    const value = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .filter((text) => text.trim() !== '' && !text.includes('=') && validateSubject(text) === undefined);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('CN', 'O', 'OU', 'L'), value), { minLength: 1, maxLength: 4 }),
        (pairs) => {
          const text = pairs.map(([name, each]) => `${name}="${each.replace(/["\\]/g, '\\$&')}"`).join(', ');
          const attributes = parseSubject(text);
          assert.deepEqual(
            attributes.map((each) => each.value),
            pairs.map(([, each]) => each),
          );
          const shown = nameText(readDer(toDer(nameAsn1(attributes))));
          assert.deepEqual(parseSubject(shown), attributes);
        },
      ),
    );
  });
});

describe('a subject for other programs', () => {
  const subject = parseSubject('CN="a/b, c+d \\"e\\" \\\\", O=Contoso, STREET=1, ST=Bayern');

  it('is escaped for openssl -subj, least specific part first', () => {
    assert.equal(openSslSubject(subject), '/ST=Bayern/street=1/O=Contoso/CN=a\\/b, c\\+d "e" \\\\');
  });

  it('is quoted for Windows, with semicolons where a value has a comma', () => {
    assert.equal(windowsSubject(subject), 'CN="a/b, c+d ""e"" \\"; O=Contoso; STREET=1; S=Bayern');
    assert.equal(windowsSubject(parseSubject('CN=app, O=Contoso')), 'CN=app, O=Contoso');
  });
});
