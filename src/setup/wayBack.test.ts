/** What undo goes back to, and when there is no way back. Journals as setups and rotations leave them. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isExpectedError } from '../base/errors.ts';
import { createNodeFiles } from '../ui/nodeSetupPorts.ts';
import { nodeLockOwners, nodeProcesses } from '../ui/nodeProcesses.ts';
import { createGit } from './git.ts';
import type { Journal } from './journal.ts';
import { journalFormat, journalVersion } from './journal.ts';
import { createJournalStore } from './journalStore.ts';
import { noteRegistered } from './noteRegistered.ts';
import { noteRotation } from './noteRotation.ts';
import type { SetupPorts } from './ports.ts';
import { clock } from './testing/sampleApp.ts';
import { undoSetup } from './undo.ts';
import { noteOldRemoved, noteRetired, wayBackOf } from './wayBack.ts';

const [config, other] = ['/app/config.js', '/app/other.js'];
const [first, second, third] = ['1'.repeat(64), '2'.repeat(64), '3'.repeat(64)];
const appId = 'AAAAAAAA-0000-4000-8000-000000000001';

describe('the way back', () => {
  let folder: string;
  let ports: SetupPorts;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ccg-way-'));
    const files = createNodeFiles(nodeProcesses);
    const git = createGit(nodeProcesses, files);
    const editor = { isDirty: () => false };
    ports = { files, git, editor, clock, journalFolder: folder, processes: nodeLockOwners };
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const certificateOf = (thumbprintSha256: string, notAfter = '2027-01-01T00:00:00Z') => ({
    subject: 'CN=app',
    thumbprintSha256,
    thumbprintSha1: thumbprintSha256.slice(0, 40),
    notAfter,
    pem: '',
  });
  const proofBy = (clientId: string) => [{ at: '', thumbprintSha256: first, algorithm: 'PS256', clientId }];
  const journal = (more: Partial<Journal> = {}): Journal => ({
    format: journalFormat,
    version: journalVersion,
    id: 'id',
    state: 'applied',
    config,
    line: 1,
    roots: ['/app'],
    startedAt: '2026-11-01T00:00:00Z',
    keyFrom: 'file',
    register: true,
    prove: true,
    registered: true,
    certificate: certificateOf(first),
    files: {},
    variables: {},
    steps: [],
    proofs: [],
    ...more,
  });
  const rotation = (from: string, to: string, previous: Journal, more: Partial<Journal> = {}): Journal =>
    journal({ certificate: certificateOf(to), rotates: { thumbprintSha256: from }, previous, ...more });
  const store = () => createJournalStore(folder, ports.files);
  const save = (made: Journal) => store().save(made);
  /** Code of the refusal, which must be the same beforehand as in the end. */
  const refusal = async (file = config) => {
    const codeOf = (work: Promise<unknown>) =>
      work.then(
        () => undefined,
        (error: unknown) => (isExpectedError(error) ? error.code : Promise.reject(error as Error)),
      );
    const told = await codeOf(wayBackOf(file, ports));
    assert.equal(await codeOf(undoSetup(file, ports)), told);
    return told;
  };

  it('is closed in every setup that took the secret out of the code, not in rotations', async () => {
    await save(rotation(first, second, journal({ previous: journal() })));
    await noteRetired(config, ports, appId);
    assert.equal(await wayBackOf(config, ports), 'certificate');
    await undoSetup(config, ports);
    // The code was restored from version control and set up again.
    assert.equal(await refusal(), 'secret-retired');
    const left = await store().load(config);
    assert.ok(left?.retired !== undefined && left.previous?.retired !== undefined);
  });

  it('is closed by a retired secret where a vault has rotated since', async () => {
    await save(journal());
    await noteRotation(config, certificateOf(second), { thumbprintSha256: first }, undefined, ports);
    await noteRotation(config, certificateOf(third), { thumbprintSha256: second }, undefined, ports);
    assert.equal(await wayBackOf(config, ports), 'secret');
    await noteOldRemoved(config, { thumbprintSha256: second }, ports, appId);
    assert.equal(await wayBackOf(config, ports), 'secret');
    await noteRetired(config, ports);
    assert.equal(await refusal(), 'secret-retired');
  });

  it('knows what a setup replaced itself, where a vault has rotated since', async () => {
    await save(rotation(first, second, journal()));
    await noteRotation(config, certificateOf(third), { thumbprintSha256: second }, undefined, ports);
    await noteRetired(config, ports);
    assert.equal(await wayBackOf(config, ports), 'certificate');
    await noteOldRemoved(config, { thumbprintSha256: first }, ports);
    assert.equal(await refusal(), 'old-certificate-removed');
  });

  it('is closed for other configs of the same application only', async () => {
    await save(journal());
    await save(journal({ config: other, proofs: proofBy(appId.toLowerCase()) }));
    await save(journal({ config: '/app/third.js', proofs: proofBy('another') }));
    await noteRetired(config, ports, appId);
    assert.equal(await refusal(other), 'secret-retired');
    assert.equal(await wayBackOf('/app/third.js', ports), 'secret');
    // Two configs in one file, with two applications.
    await save(journal({ proofs: proofBy('another'), previous: journal({ proofs: proofBy(appId) }) }));
    await noteRetired(config, ports, appId);
    await undoSetup(config, ports);
    assert.equal(await refusal(), 'secret-retired');
  });

  it('of the other config of a file stays open before anybody has proven anything', async () => {
    await save(journal({ clientId: 'another', previous: journal({ clientId: appId.toLowerCase() }) }));
    await noteRetired(config, ports, appId);
    assert.equal(await wayBackOf(config, ports), 'secret');
    await undoSetup(config, ports);
    assert.equal(await refusal(), 'secret-retired');
  });

  it('is closed when the old certificate is gone, until it is uploaded again', async () => {
    await save(rotation(second, third, rotation(first, second, journal())));
    assert.equal(await wayBackOf(config, ports), 'certificate');
    await noteOldRemoved(config, { thumbprintSha256: second.toLowerCase() }, ports, appId);
    assert.equal(await refusal(), 'old-certificate-removed');
    await noteRegistered(config, first, ports);
    assert.equal(await refusal(), 'old-certificate-removed');
    await noteRegistered(config, second, ports);
    await undoSetup(config, ports);
    assert.equal(await wayBackOf(config, ports), 'certificate');
    await noteOldRemoved(config, { thumbprintSha1: first.slice(0, 40) }, ports);
    assert.equal(await wayBackOf(config, ports), 'certificate', 'SHA-1 alone is not the SHA-256 that is known');
  });

  it('is closed when the old certificate has expired, as far as its end is known', async () => {
    const ended = '2026-11-23T11:59:59Z';
    await save(rotation(first, second, journal({ certificate: certificateOf(first, ended) })));
    assert.equal(await refusal(), 'old-certificate-expired');
    await save(rotation(first, second, journal({ certificate: certificateOf(third, ended) })));
    assert.equal(await wayBackOf(config, ports), 'certificate');
    await save(journal({ rotates: { thumbprintSha1: 'A', notAfter: ended } }));
    assert.equal(await refusal(), 'old-certificate-expired');
  });

  it('stays open while a rotation is not finished', async () => {
    for (const state of ['stopped', 'applying', 'undoing'] as const) {
      await save(journal({ state, rotates: { thumbprintSha1: 'A', notAfter: '2020-01-01' }, previous: journal() }));
      await noteRetired(config, ports);
      assert.equal(await wayBackOf(config, ports), 'unfinished');
      await undoSetup(config, ports);
      assert.equal(await refusal(), 'secret-retired');
      await store().remove(config);
    }
    assert.equal(await refusal(), 'nothing-to-undo');
  });
});
