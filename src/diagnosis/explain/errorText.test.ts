/** Errors as they come out of terminals, logs and JSON. */
import assert from 'node:assert/strict';
import { entraErrors } from '../../../test/sandbox/entra/errors.ts';
import { refusalTexts } from '../../../test/sandbox/entra/refusals.ts';
import { explainError } from './index.ts';

const thumbprint = 'A1B2C3D4E5F60718293A4B5C6D7E8F9001122334';
const app = '00001111-aaaa-2222-bbbb-3333cccc4444';
const notFound = entraErrors.certificateNotRegistered(app, thumbprint).message;
const badSignature = entraErrors.badSignature(app, thumbprint, { start: 0, end: 1e12 }).message;

describe('an error in noise', () => {
  const wrapped = (text: string, width: number) => text.replaceAll(new RegExp(`(.{1,${width}})(?: |$)`, 'g'), '$1\n');

  it('is found wherever it stands in a long log', () => {
    const noise = 'expired x '.repeat(50_000);
    for (const text of [notFound + noise, noise + notFound, noise + notFound + noise, noise.repeat(9) + notFound])
      assert.match(explainError(text).title, /does not know this certificate/);
    assert.equal(explainError(`${noise}invalid_client_credential`).code, 'invalid_client_credential');
  });

  it('is told apart although a terminal has wrapped and coloured it', () => {
    for (let width = 20; width <= 120; width++) {
      assert.match(explainError(wrapped(badSignature, width)).title, /signature does not fit/, String(width));
      assert.match(explainError(wrapped(notFound, width)).cause, new RegExp(thumbprint), String(width));
      const empty = wrapped(notFound.replace(thumbprint, ''), width);
      assert.match(explainError(empty).cause, /empty thumbprint/, String(width));
    }
    const cut = notFound.replace(thumbprint, `${thumbprint.slice(0, 17)}\n${thumbprint.slice(17)}`);
    assert.match(explainError(cut).cause, new RegExp(thumbprint));
    assert.match(explainError(`\u001b[31m${badSignature.replaceAll('S7', 'S\u001b[1m7')}\u001b[0m`).title, /signature/);
    const link = '\u001b]8;;https://example\u0007';
    assert.equal(explainError(`${link}AADSTS${link}7000215`).code, 'AADSTS7000215');
  });

  it('is known by its bare number, too', () => {
    const body = { error: 'invalid_client', error_codes: [700027] };
    for (const text of [
      JSON.stringify(body, undefined, 2),
      JSON.stringify(JSON.stringify(body)),
      "{ error: 'invalid_client', error_codes: [ 700027 ] }",
      '{"errorCode":"invalid_client","errorNo":"700027","subError":""}',
      "errorNo: '700027',",
      'invalid_client: Error(s): 700027 - Timestamp: x - Description: Not Available',
      'https://login.microsoftonline.com/error?code=700027',
      'aadsts700027: x',
    ])
      assert.equal(explainError(text).code, 'AADSTS700027', text);
    assert.match(
      explainError(JSON.stringify({ error_codes: [700027], error_description: badSignature })).title,
      /signature/,
    );
  });

  it('names a thumbprint that is neither of the two as damaged', () => {
    for (const seen of ['', 'AA', 'A'.repeat(46), 'A'.repeat(65)])
      assert.match(explainError(notFound.replace(thumbprint, seen)).title, /damaged/, seen);
    assert.doesNotMatch(explainError(notFound.replace(thumbprint, 'A'.repeat(64))).title, /damaged/);
  });

  it('is told in whole sentences where its text has no details', () => {
    for (const code of ['AADSTS700016', 'AADSTS90002', 'AADSTS7000229']) {
      const { cause } = explainError(code);
      assert.doesNotMatch(cause, / {2}| \.|\{|\}/, cause);
    }
  });

  it('takes no longer for what is made to take long', () => {
    const started = performance.now();
    for (const part of [
      'AADSTS',
      'errorNo',
      '[Reason - ',
      '\u001b[1',
      '\u001b]',
      "client: '",
      ' \n',
      'error_codes: [ "',
    ])
      explainError(part.repeat(1_000_000 / part.length));
    assert.ok(performance.now() - started < 5_000);
  });
});

describe('what the sandbox refuses with', () => {
  for (const text of refusalTexts)
    it(`is explained: ${text.slice(0, 60)}`, () => {
      const { code, title } = explainError(text);
      assert.ok(text.startsWith(`${code}: `));
      assert.doesNotMatch(title, /answered AADSTS/);
    });
});
