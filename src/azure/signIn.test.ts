import assert from 'node:assert/strict';
import { CancelledError, ExpectedError } from '../base/errors.ts';
import { resolveCloud } from './clouds.ts';
import { createSignIn } from './signIn.ts';
import { tokenFacts } from './tokenFacts.ts';
import type { AccessToken, TokenRequest, TokenSource, TokenSourceName } from './types.ts';

const minute = 60_000;

class MovableClock {
  time = Date.UTC(2026, 10, 23);
  now = () => this.time;
  delay = () => Promise.reject(new Error('not used here'));
}

/** A source whose answers a test decides; it counts what it was asked. */
function source(
  name: TokenSourceName,
  clock: MovableClock,
  answer: (request: TokenRequest) => string | Error | Promise<string>,
) {
  const asked: TokenRequest[] = [];
  const tokenSource: TokenSource = {
    name,
    async getToken(request): Promise<AccessToken> {
      asked.push(request);
      const result = await answer(request);
      if (result instanceof Error) throw result;
      return { token: result, expiresOn: clock.now() + 60 * minute, source: name, permissions: [] };
    },
  };
  return { tokenSource, asked };
}

const refusal = (code: string) => new ExpectedError(code, `${code}.`);
const request: TokenRequest = { audience: 'keyVault', tenant: 't1', interactive: false };

describe('the sign-in chain', () => {
  const cloud = resolveCloud('public');

  it('takes the first source that answers, and asks it first next time', async () => {
    const clock = new MovableClock();
    const editor = source('vscode', clock, () => refusal('no-session'));
    const cli = source('azureCli', clock, () => 'from cli');
    const signIn = createSignIn(cloud, [editor.tokenSource, cli.tokenSource], clock);
    assert.equal((await signIn.token(request)).token, 'from cli');
    assert.equal((await signIn.token({ ...request, audience: 'graph' })).token, 'from cli');
    assert.equal(editor.asked.length, 1);
  });

  it('keeps a token until shortly before its end, per audience, tenant and claims', async () => {
    const clock = new MovableClock();
    const cli = source('azureCli', clock, () => `token ${cli.asked.length}`);
    const signIn = createSignIn(cloud, [cli.tokenSource], clock);
    assert.equal((await signIn.token(request)).token, 'token 1');
    clock.time += 54 * minute;
    assert.equal((await signIn.token(request)).token, 'token 1');
    clock.time += 2 * minute;
    assert.equal((await signIn.token(request)).token, 'token 2');
    assert.equal((await signIn.token({ ...request, tenant: 't2' })).token, 'token 3');
    assert.equal((await signIn.token({ ...request, claims: 'c' })).token, 'token 4');
  });

  it('shares one request among concurrent callers, each of whom can leave', async () => {
    const clock = new MovableClock();
    let finish: (token: string) => void = () => undefined;
    const cli = source('azureCli', clock, () => new Promise<string>((resolve) => (finish = resolve)));
    const signIn = createSignIn(cloud, [cli.tokenSource], clock);
    const leaving = new AbortController();
    const first = signIn.token(request);
    const second = signIn.token({ ...request, signal: leaving.signal });
    leaving.abort();
    await assert.rejects(second, { name: 'CancelledError' });
    finish('shared');
    assert.equal((await first).token, 'shared');
    assert.equal(cli.asked.length, 1);
  });

  it('a caller that joined goes on when the one who began leaves', async () => {
    const clock = new MovableClock();
    const cli = source(
      'azureCli',
      clock,
      ({ signal }) =>
        new Promise<string>((resolve, reject) => {
          if (cli.asked.length > 1) resolve('second try');
          signal?.addEventListener('abort', () => reject(new CancelledError()));
        }),
    );
    const signIn = createSignIn(cloud, [cli.tokenSource], clock);
    const leaving = new AbortController();
    const first = signIn.token({ ...request, signal: leaving.signal });
    const second = signIn.token(request);
    leaving.abort();
    await assert.rejects(first, { name: 'CancelledError' });
    assert.equal((await second).token, 'second try');
  });

  it('lists every source with its reason when all fail after a user action', async () => {
    const clock = new MovableClock();
    const sources = [
      source('vscode', clock, () => refusal('no-session')),
      source('azureCli', clock, () => refusal('cli-not-installed')),
    ];
    const signIn = createSignIn(
      cloud,
      sources.map(({ tokenSource }) => tokenSource),
      clock,
    );
    await assert.rejects(signIn.token({ ...request, interactive: true }), (error: ExpectedError) => {
      assert.equal(error.code, 'sign-in-failed');
      assert.match(error.message, /VS Code account: no-session\.\nAzure CLI: cli-not-installed\./);
      return true;
    });
    await assert.rejects(signIn.token(request), { code: 'not-signed-in' });
  });

  it('does not hide a bug of a source behind the next one', async () => {
    const clock = new MovableClock();
    const broken = source('vscode', clock, () => new TypeError('bug'));
    const signIn = createSignIn(cloud, [broken.tokenSource, source('azureCli', clock, () => 'x').tokenSource], clock);
    await assert.rejects(signIn.token(request), TypeError);
  });

  it('signing out forgets tokens, also one that is still on its way', async () => {
    const clock = new MovableClock();
    let finish: (token: string) => void = () => undefined;
    const cli = source('azureCli', clock, () => new Promise<string>((resolve) => (finish = resolve)));
    const signIn = createSignIn(cloud, [cli.tokenSource], clock);
    const early = signIn.token(request);
    signIn.forget();
    finish('late');
    await early;
    const next = signIn.token(request);
    finish('new');
    assert.equal((await next).token, 'new');
  });
});

describe('after signing out', () => {
  const clock = new MovableClock();
  const chain = () => {
    const cli = source('azureCli', clock, ({ interactive }) => `token ${interactive}`);
    return { asked: cli.asked, signIn: createSignIn(resolveCloud('public'), [cli.tokenSource], clock) };
  };

  it('nobody gets a token silently until somebody signs in', async () => {
    const { signIn, asked } = chain();
    await signIn.token(request);
    signIn.forget();
    signIn.leave();
    await assert.rejects(signIn.token(request), { code: 'not-signed-in' });
    assert.equal(asked.length, 1);
    await signIn.token({ ...request, interactive: true });
    assert.equal(signIn.hasLeft, false);
    assert.equal((await signIn.token({ ...request, audience: 'graph' })).token, 'token false');
  });

  it('neither a sign-in that fails nor one from before brings a token back', async () => {
    const answers: ((token: string | Error) => void)[] = [];
    const cli = source(
      'azureCli',
      clock,
      () =>
        new Promise<string>((resolve, reject) => {
          answers.push((answer) => (typeof answer === 'string' ? resolve(answer) : reject(answer)));
        }),
    );
    const signIn = createSignIn(resolveCloud('public'), [cli.tokenSource], clock);
    const early = signIn.token({ ...request, interactive: true });
    signIn.forget();
    signIn.leave();
    answers[0]?.('early');
    await early;
    await assert.rejects(signIn.token(request), { code: 'not-signed-in' });
    const failing = signIn.token({ ...request, interactive: true });
    answers[1]?.(refusal('cli-not-signed-in'));
    await assert.rejects(failing, { code: 'sign-in-failed' });
    await assert.rejects(signIn.token(request), { code: 'not-signed-in' });
  });

  it('a sign-in counts also where its new session has tokens forgotten meanwhile', async () => {
    const clock = new MovableClock();
    const vscode = source('vscode', clock, () => {
      signIn.forget();
      return 'new';
    });
    const signIn = createSignIn(resolveCloud('public'), [vscode.tokenSource], clock);
    signIn.leave();
    await signIn.token({ ...request, interactive: true });
    assert.equal((await signIn.token(request)).token, 'new');
  });
});

describe('facts of a token', () => {
  const jwt = (claims: object) => `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`;

  it('are expiry, tenant, permissions and account', () => {
    assert.deepEqual(
      tokenFacts(jwt({ exp: 10, tid: 't', scp: 'A.Read B.Write', roles: ['C'], upn: 'ann@contoso.com' })),
      {
        expiresOn: 10_000,
        tenant: 't',
        permissions: ['A.Read', 'B.Write', 'C'],
        account: 'ann@contoso.com',
      },
    );
  });

  it('are empty for anything that is no JWT', () => {
    for (const token of ['', 'opaque', 'a.b.c', jwt([]), 'a.bnVsbA.c'])
      assert.deepEqual(tokenFacts(token).permissions, []);
  });
});
