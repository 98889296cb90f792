/**
 * Uploading and retiring while somebody else writes, answers get lost, replicas are behind, the service throttles and our process dies: 200
 * seeded runs. `INTERFERENCE_SEED` and `INTERFERENCE_RUNS` choose others; the counts are printed.
 */
import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { isCancelled, isExpectedError } from '../../base/errors.ts';
import { keyCredentialOf, passwordCredentialOf } from '../../../test/sandbox/entra/directory.ts';
import type { Application } from '../../../test/sandbox/entra/directory.ts';
import type { AccessMoment, GraphSettings } from '../../../test/sandbox/graph/settings.ts';
import { makeCertificate } from '../../../test/sandbox/pki/certificates.ts';
import { startSandbox } from '../../../test/sandbox/sandbox.ts';
import type { Sandbox } from '../../../test/sandbox/sandbox.ts';
import { readSeed } from '../../../test/sandbox/seed/seed.ts';
import { createAsk, makeIdentity } from '../../../test/sandbox/testing.ts';
import type { TestIdentity } from '../../../test/sandbox/testing.ts';
import { azureOf, home, testClock } from '../testing/azure.ts';

const firstSeed = Number(process.env.INTERFERENCE_SEED ?? 20261123);
const runs = Number(process.env.INTERFERENCE_RUNS ?? 200);
/** No run may need more processes than this to come to its end. */
const mostProcesses = 12;

/** Description of the secret that the run retires; the other one is somebody else's. */
const ours = 'of this app';
const mixed: readonly GraphSettings['replicas'][] = [
  ['current', 'behind'],
  ['current', 'behind', 'behind'],
  ['behind', 'current', 'current', 'behind', 'behind'],
];

class Died extends Error {}

interface Counts {
  foreignWrites: number;
  foreignRemovals: number;
  writes: number;
  faults: number;
  /** Cancelled between two steps: cleaning up still runs. */
  cancels: number;
  /** Died between two steps: nothing of the process runs any more. */
  crashes: number;
  processes: number;
  /** Runs in which reads came from replicas of which some were behind. */
  replicas: number;
  /** Added between our last read and our write: cannot be seen (design, rule 1). */
  unguardable: number;
  /** Shown by any read of the process and gone by its write: must stay 0. */
  lost: number;
}

describe('interference with upload and retire', () => {
  let sandbox: Sandbox;
  let identity: TestIdentity;
  let foreign: Buffer[];
  const counts: Counts = {
    foreignWrites: 0,
    foreignRemovals: 0,
    writes: 0,
    faults: 0,
    cancels: 0,
    crashes: 0,
    processes: 0,
    replicas: 0,
    unguardable: 0,
    lost: 0,
  };

  before(async () => {
    sandbox = await startSandbox({ seed: { ...readSeed(), vaults: [] } });
    sandbox.graph.keyCredentialReadsPerMinute = Infinity;
    identity = makeIdentity();
    foreign = Array.from({ length: 40 }, (_, index) => foreignCertificate(`CN=somebody-else-${index}`));
  });
  after(async () => {
    await sandbox.close();
    console.log(`      seed ${firstSeed}, ${runs} runs: ${JSON.stringify(counts)}`);
  });

  it(`loses no credential that we could see in ${runs} runs, and comes to its end in each`, async function () {
    this.timeout(240_000);
    for (let index = 0; index < runs; index++) await run(firstSeed + index);
    assert.equal(counts.lost, 0);
    // The test would prove nothing if nothing had happened.
    assert.ok(counts.foreignWrites > runs / 2 && counts.faults > runs / 2);
    assert.ok(counts.crashes > runs / 8 && counts.cancels > runs / 8 && counts.replicas > runs / 8);
    assert.ok(counts.unguardable > 0, 'the disturbance never hit the window');
  });

  async function run(seed: number): Promise<void> {
    const random = generator(seed);
    const chance = (probability: number): boolean => random() < probability;
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
    const application = newApplication(sandbox, foreign.slice(0, 1 + Math.floor(random() * 3)));
    const [secret = '', sibling = ''] = application.passwordCredentials.map(({ keyId }) => keyId);
    const replicas = chance(0.4) ? pick(mixed) : undefined;
    if (replicas !== undefined) counts.replicas++;
    Object.assign(sandbox.graph, {
      replicas: replicas ?? ['behind'],
      readDelaySeconds: replicas !== undefined || chance(0.3) ? pick([1, 5, 20]) : 0,
      credentialDelaySeconds: chance(0.5) ? pick([1, 10, 60]) : 0,
    });
    sandbox.faults.clear();
    for (let faults = Math.floor(random() * 4); faults > 0; faults--) addFault(pick, random);

    const shown = new Set<string>();
    let before: string[] = [];
    let retiring = false;
    let crashAt = chance(0.6) ? Math.floor(random() * 10) : Infinity;
    let extension = startProcess();
    let theirSnapshot: Application['keyCredentials'] = [...application.keyCredentials];

    sandbox.graph.onAccess = (moment: AccessMoment, touched, read) => {
      if (touched.id !== application.id) return;
      if (moment === 'afterRead') for (const { keyId } of read.keyCredentials) shown.add(keyId);
      if (moment !== 'afterWrite' && chance(0.2)) disturb();
      if (moment === 'beforeWrite') before = application.keyCredentials.map(({ keyId }) => keyId);
      if (moment === 'afterWrite') {
        counts.writes++;
        const left = new Set(application.keyCredentials.map(({ keyId }) => keyId));
        for (const keyId of before) {
          if (left.has(keyId)) continue;
          if (shown.has(keyId)) counts.lost++;
          else counts.unguardable++;
        }
        if (chance(0.2)) disturb();
        if (!retiring && chance(0.1)) overwriteOurs();
      }
      assert.ok(canAuthenticate(application), `seed ${seed}: nobody can sign in any more`);
      if (crashAt-- === 0) {
        const dies = chance(0.6);
        counts[dies ? 'crashes' : 'cancels']++;
        if (dies) extension.die();
        else extension.cancel();
      }
    };
    /** Reads and writes at once, as an administrator does who is alone. */
    const disturb = (): void => sandbox.writeElsewhere(application, write);
    const write = (): void => {
      if (!retiring && chance(0.2)) {
        // Only what is not ours to keep: their own certificates.
        const theirs = application.keyCredentials.filter(({ key }) => key !== identity.der.toString('base64'));
        application.keyCredentials = application.keyCredentials.filter((one) => one !== theirs.at(-1));
        counts.foreignRemovals++;
      } else {
        application.keyCredentials = [...application.keyCredentials, keyCredentialOf(pick(foreign))];
        counts.foreignWrites++;
      }
      theirSnapshot = [...application.keyCredentials];
    };
    /** Writes what they read before us: our certificate is gone again. */
    const overwriteOurs = (): void =>
      sandbox.writeElsewhere(application, () => {
        application.keyCredentials = [...theirSnapshot, keyCredentialOf(pick(foreign))];
        counts.foreignWrites++;
      });

    const name = { appId: application.appId, tenant: home };
    for (let processes = 1; ; processes++) {
      assert.ok(processes <= mostProcesses, `seed ${seed} does not come to an end`);
      counts.processes++;
      // A new process remembers nothing.
      extension = startProcess();
      shown.clear();
      const { registrations, options } = extension;
      try {
        await extension.orDead(registrations.upload({ ...name, certificateDer: identity.der }, options));
        retiring = await provenWithin(application, 180);
        if (!retiring) continue;
        await extension.orDead(registrations.removeSecrets(name, [secret], options));
        break;
      } catch (error) {
        if (!(error instanceof Died) && !isCancelled(error) && !isExpectedError(error)) throw error;
        retiring = false;
        crashAt = chance(0.3) ? Math.floor(random() * 8) : Infinity;
      }
    }
    sandbox.graph.onAccess = () => undefined;
    const added = application.keyCredentials.filter(({ key }) => key === identity.der.toString('base64'));
    assert.equal(added.length, 1, `seed ${seed}: our certificate is registered ${added.length} times`);
    assert.deepEqual(
      application.passwordCredentials.map(({ keyId }) => keyId),
      [sibling],
      `seed ${seed}: the secret is still there, or the other one is gone`,
    );
    assert.equal(await tokenStatus(application), 200, `seed ${seed}: the app cannot sign in`);
  }

  function canAuthenticate(application: Application): boolean {
    const now = sandbox.clock.now();
    return (
      application.passwordCredentials.some(
        ({ displayName, usableFrom }) => displayName === ours && usableFrom <= now,
      ) ||
      application.keyCredentials.some(
        ({ key, usableFrom }) => usableFrom <= now && key === identity.der.toString('base64'),
      )
    );
  }

  /** The extension in a process of its own, which can be cancelled and can die. */
  function startProcess() {
    const controller = new AbortController();
    let isDead = false;
    let tellQuiet = (): void => undefined;
    const quiet = new Promise<void>((resolve) => {
      tellQuiet = resolve;
    });
    const clock = testClock(sandbox);
    const delay = clock.delay.bind(clock);
    clock.delay = (milliseconds, signal) => {
      if (!isDead) return delay(milliseconds, signal);
      tellQuiet();
      // The dead wait for ever.
      return new Promise(() => undefined);
    };
    return {
      registrations: azureOf(sandbox, { clock }).registrations,
      options: { signal: controller.signal },
      cancel: () => controller.abort(),
      /** What is on its way arrives; whatever is sent after that does not. */
      die(): void {
        isDead = true;
        sandbox.faults.clear();
        sandbox.faults.add({ surface: 'graph', kind: 'reset' });
      },
      /** Rejects with {@link Died} once nothing of a dead process runs any more. */
      async orDead(work: Promise<unknown>): Promise<void> {
        const ended = work.then(
          () => undefined,
          (error: unknown) => {
            if (!isDead) throw error;
          },
        );
        await Promise.race([ended, quiet]);
        if (!isDead) return;
        sandbox.faults.clear();
        throw new Died();
      },
    };
  }

  async function provenWithin(application: Application, seconds: number): Promise<boolean> {
    for (let waited = 0; waited <= seconds; waited += 10) {
      if ((await tokenStatus(application)) === 200) return true;
      sandbox.clock.advance(10_000);
    }
    return false;
  }

  async function tokenStatus({ appId }: Application): Promise<number> {
    const url = `${sandbox.entraOrigin}/${home}/oauth2/v2.0/token`;
    const now = sandbox.clock.seconds();
    const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const header = { alg: 'RS256', typ: 'JWT', x5t: createHash('sha1').update(identity.der).digest('base64url') };
    const text = `${encode(header)}.${encode({ aud: url, iss: appId, sub: appId, nbf: now, exp: now + 600, jti: randomUUID() })}`;
    const client_assertion = `${text}.${sign('sha256', Buffer.from(text), identity.privateKey).toString('base64url')}`;
    const client_assertion_type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
    const form = { grant_type: 'client_credentials', client_id: appId, scope: 'https://graph.microsoft.com/.default' };
    const ask = createAsk(sandbox.ca.certificatePem);
    return (await ask(url, { form: { ...form, client_assertion, client_assertion_type } })).status;
  }

  function addFault(pick: <T>(list: readonly T[]) => T, random: () => number): void {
    counts.faults++;
    const place = {
      surface: 'graph' as const,
      method: pick(['GET', 'PATCH', 'POST']),
      times: 1 + Math.floor(random() * 2),
    };
    const skip = Math.floor(random() * 3);
    const kind = pick(['lostAnswer', 'reset', 'truncated', 'throttled', 'down', 'failed'] as const);
    const replies = { throttled: 429, down: 503, failed: 500 };
    if (kind === 'lostAnswer' || kind === 'reset' || kind === 'truncated') sandbox.faults.add({ ...place, skip, kind });
    else {
      const headers: Record<string, string> = kind === 'throttled' ? { 'retry-after': '2' } : {};
      sandbox.faults.add({ ...place, skip, kind: 'reply', status: replies[kind], headers, json: {} });
    }
  }
});

function newApplication(sandbox: Sandbox, siblings: readonly Buffer[]): Application {
  const id = randomUUID();
  const now = sandbox.clock.now();
  const application: Application = {
    ...sandbox.state.directory.applications.find(({ displayName }) => displayName === 'Internal Tool')!,
    id,
    appId: randomUUID(),
    keyCredentials: siblings.map((der) => keyCredentialOf(der)),
    passwordCredentials: [ours, 'of another app'].map((displayName) =>
      passwordCredentialOf(randomUUID(), { displayName, start: now - 1000, end: now + 86_400_000 * 3650 }),
    ),
  };
  sandbox.state.directory.applications.push(application);
  return application;
}

function foreignCertificate(subject: string): Buffer {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const now = Math.floor(Date.now() / 1000);
  return makeCertificate(
    { subject, publicKey, notBefore: now - 600, notAfter: now + 86_400 * 3650 },
    { key: privateKey },
  );
}

/** mulberry32: the same numbers for the same seed on every machine. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
