/** What a proof says that failed. Against the sandbox. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { keyCredentialOf } from '../../test/sandbox/entra/directory.ts';
import { startSandbox } from '../../test/sandbox/sandbox.ts';
import type { Sandbox } from '../../test/sandbox/sandbox.ts';
import { readSeed } from '../../test/sandbox/seed/seed.ts';
import { makeIdentity } from '../../test/sandbox/testing.ts';
import { azureOf, home } from '../azure/testing/azure.ts';
import type { TestAzure } from '../azure/testing/azure.ts';
import type { RegisteredThumbprints } from '../diagnosis/explain/proof.ts';
import { proveIdentity } from './proving.ts';
import type { ProveOptions, ProvingTools } from './proving.ts';

const tool = 'cccccccc-0000-4000-8000-000000000002';

describe('a proof that fails right after the upload', () => {
  let sandbox: Sandbox;
  let azure: TestAzure;
  const identity = makeIdentity();
  const hash = (kind: string) => createHash(kind).update(identity.der).digest('hex').toUpperCase();
  before(async () => {
    sandbox = await startSandbox({ seed: { ...readSeed(), vaults: [] } });
    azure = azureOf(sandbox);
  });
  after(() => sandbox.close());

  async function failure(
    registered: () => Promise<readonly RegisteredThumbprints[] | undefined>,
    options: ProveOptions,
  ): Promise<string> {
    const literal = (value: string) => ({ value, source: { kind: 'literal' } }) as const;
    const result = await proveIdentity(
      {
        clientId: literal(tool),
        authority: literal(`${sandbox.entraOrigin}/${home}`),
        knownAuthorities: [new URL(sandbox.entraOrigin).host],
        msal: { version: '7.2.3', source: 'installed' },
      },
      {
        sign: azure.prover.localSigner(identity.privateKey.export({ type: 'pkcs8', format: 'der' })),
        thumbprintProperty: 'thumbprintSha256',
        configured: hash('sha256'),
        certificate: { thumbprintSha256: hash('sha256'), thumbprintSha1: hash('sha1') },
      },
      { prover: azure.prover, registered, ports: { clock: azure.clock } as unknown as ProvingTools['ports'] },
      options,
    );
    assert.equal(result.ok, false);
    return `${result.error?.title ?? ''} ${result.error?.remedies.join(' ') ?? ''}`;
  }

  it('says to wait, and not to upload what is registered', async () => {
    const application = sandbox.state.directory.applications.find(({ appId }) => appId === tool);
    assert.ok(application);
    application.keyCredentials = [keyCredentialOf(identity.der, sandbox.clock.now() + 6_000_000)];
    const listed = async () => (await azure.registrations.find({ appId: tool, tenant: home })).certificates;
    const unknown = () => Promise.resolve(undefined);
    for (const [read, options] of [
      [listed, { registered: true }],
      [unknown, { registered: true }],
      [listed, {}],
    ] as const) {
      const words = await failure(read, options);
      assert.match(words, /does not know the certificate everywhere yet Wait/);
      assert.doesNotMatch(words, /Upload/);
    }
    assert.match(
      await failure(() => Promise.resolve([]), { registered: true }),
      /does not know this certificate Upload/,
    );
    assert.match(await failure(unknown, {}), /does not know this certificate Upload/);
  });
});
