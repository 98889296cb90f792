import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fileNameFor, filePath, validateName } from './fileNames.ts';

describe('the file name for a subject', function () {
  // The generator of strings takes its time to start.
  this.timeout(120_000);

  const cases: [subject: string, name: string][] = [
    ['CN=ciam-client-app, O=Contoso', 'ciam-client-app'],
    ['O=Contoso Ltd., C=DE', 'Contoso-Ltd'],
    ['My App (test)', 'My-App-test'],
    ['../../etc/passwd', 'etc-passwd'],
    ['$(rm -rf ~); `x` \'"', 'rm-rf-x'],
    ['漢字 é', '漢字-é'],
    ['con', 'certificate-con'],
    ['Aux.app', 'certificate-Aux.app'],
    ['COM1', 'certificate-COM1'],
    ['console', 'console'],
    ['.env', 'env'],
    ['-rf', 'rf'],
    ['😀', 'certificate'],
    ['', 'certificate'],
    ['a'.repeat(64), 'a'.repeat(60)],
    ['漢'.repeat(64), '漢'.repeat(60)],
    ['𠀀'.repeat(64), '𠀀'.repeat(50)],
  ];
  for (const [subject, name] of cases) {
    it(`${JSON.stringify(subject)} is ${name}`, () => assert.equal(fileNameFor(subject), name));
  }

  it('is always a valid one', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 80 }),
        (subject) => validateName(fileNameFor(subject)) === undefined,
      ),
    );
  });
});

describe('a file name that was typed', () => {
  for (const name of [
    '',
    ' ',
    '..',
    '-x',
    'a/b',
    'a\\b',
    'a\nb',
    'a\0',
    'nul',
    'LPT1.x',
    'a:b',
    'x.',
    'x'.repeat(101),
    'a\u202eb',
    'a\u200bb',
    'a\u00ad',
    '漢'.repeat(67),
  ]) {
    it(`${JSON.stringify(name.slice(0, 20))} is refused with the reason`, () => {
      assert.match(validateName(name) ?? 'accepted', /^.*file name.*\.$/);
      assert.throws(() => filePath('/tmp', name, '.key'), { code: 'name-invalid' });
    });
  }

  it('is joined to folders of either system', () => {
    assert.equal(filePath('/home/a b', "it's $x", '.key'), "/home/a b/it's $x.key");
    assert.equal(filePath('C:\\Users\\a b', 'app', '.pfx'), 'C:\\Users\\a b\\app.pfx');
    assert.equal(filePath('\\\\server\\share', 'app', '.pfx'), '\\\\server\\share\\app.pfx');
  });

  it('needs a folder with its whole path', () => {
    for (const folder of ['keys', '-x', '', '/tmp/a\nb']) {
      assert.throws(() => filePath(folder, 'app', '.key'), { code: 'folder-invalid' });
    }
  });
});
