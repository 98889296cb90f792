import assert from 'node:assert/strict';
import {
  callOf,
  checkOptions,
  choice,
  file,
  flag,
  maySignIn,
  newPassword,
  oneOf,
  optionNames,
  password,
  refused as refusedOption,
  required,
  text,
  wholeNumber,
} from './options.ts';
import type { Schema } from './options.ts';

const schema: Schema = {
  config: file,
  confirm: flag,
  days: wholeNumber(1, 3650),
  format: oneOf('cer', 'pem'),
  keySize: oneOf(2048, 4096),
  password,
  pfxPassword: newPassword,
  version: refusedOption((name) => `Leave "${name}" out.`),
  certificate: choice({ selfSigned: { subject: text }, file: { file: required(file), password } }),
};

function refused(value: unknown, option: string): void {
  assert.throws(
    () => checkOptions(value, schema),
    (error: Error & { code?: string; details?: { data?: unknown } }) => {
      assert.equal(error.code, 'invalid-options');
      assert.ok(error.message.includes(`"${option}"`), error.message);
      assert.deepEqual(error.details?.data, { option });
      return true;
    },
  );
}

describe('options of commands', () => {
  it('come back as commands use them: paths for Uris, undefined left out', () => {
    const uri = { scheme: 'file', fsPath: '/app/../app/auth.js', path: '/app/auth.js' };
    assert.deepEqual(checkOptions({ config: uri, confirm: false, password: '', days: undefined }, schema), {
      config: '/app/auth.js',
      confirm: false,
      password: '',
    });
    assert.deepEqual(checkOptions({ certificate: { kind: 'file', file: '/a.pfx' } }, schema), {
      certificate: { kind: 'file', file: '/a.pfx' },
    });
  });

  it('that are unknown are refused by name', () => {
    refused({ passwrd: 'x' }, 'passwrd');
    refused({ __proto__: null, toString: 1 }, 'toString');
    refused({ certificate: { kind: 'selfSigned', file: '/a' } }, 'certificate.file');
  });

  it('that people may expect are refused with the reason, and not listed', () => {
    refused({ version: 'x' }, 'version');
    assert.ok(!optionNames(schema).includes('version'));
    assert.throws(
      () => checkOptions({ passwrd: 'x' }, schema),
      (error: Error) => !error.message.includes('version'),
    );
  });

  it('that have the wrong type are refused by name', () => {
    refused({ config: 'relative/auth.js' }, 'config');
    refused({ config: 3 }, 'config');
    refused({ config: { scheme: 'untitled', fsPath: '/x' } }, 'config');
    refused({ config: '/a\0b' }, 'config');
    refused({ config: { scheme: 'file', fsPath: '/a\0b' } }, 'config');
    refused({ pfxPassword: 'none' }, 'pfxPassword');
    refused({ pfxPassword: 'generate' }, 'pfxPassword');
    refused({ confirm: 'no' }, 'confirm');
    for (const days of [0, 1.5, NaN, Infinity, '7', 3651]) refused({ days }, 'days');
    refused({ format: 'jks' }, 'format');
    refused({ keySize: '2048' }, 'keySize');
    refused({ password: 1 }, 'password');
    refused({ certificate: { kind: 'vault' } }, 'certificate.kind');
    refused({ certificate: { kind: 'toString' } }, 'certificate.kind');
    refused({ certificate: 'selfSigned' }, 'certificate.kind');
    refused({ certificate: { kind: 'file' } }, 'certificate.file');
    refused([], 'options');
    refused('x', 'options');
  });

  it('never appear in the message with their value', () => {
    assert.throws(
      () => checkOptions({ days: 'hunter2!' }, schema),
      (error: Error) => !error.message.includes('hunter2!'),
    );
  });

  it('are told from menu and palette calls', () => {
    const uri = { scheme: 'file', fsPath: '/a.pfx' };
    assert.deepEqual(callOf([]), { kind: 'plain' });
    assert.deepEqual(callOf([undefined, undefined]), { kind: 'plain' });
    assert.deepEqual(callOf([uri, [uri]]), { kind: 'file', file: uri });
    assert.deepEqual(callOf([{}]), { kind: 'options', options: {} });
    assert.deepEqual(callOf(['/a.pfx']), { kind: 'options', options: '/a.pfx' });
  });

  it('tell whether somebody is there to sign in', () => {
    const asks = (args: readonly unknown[], of: Schema = schema) =>
      maySignIn(callOf(args), of, (args[0] ?? {}) as Record<string, unknown>);
    assert.equal(asks([]), true);
    assert.equal(asks([{ scheme: 'file', fsPath: '/a.pfx' }]), true);
    assert.equal(asks([{ commandOptions: { confirm: false } }]), true);
    // It asks for a confirmation, or has none to ask for.
    assert.equal(asks([{}]), true);
    assert.equal(asks([{ confirm: false }]), false);
    assert.equal(asks([{ config: '/a.js' }], { config: file }), false);
  });
});
