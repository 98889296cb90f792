import assert from 'node:assert/strict';
import type { SetupState } from '../../setup/index.ts';
import { checklist } from './checklist.ts';
import type { AppFacts, CertificateFact } from './facts.ts';
import { judge } from './judge.ts';
import { provenBy, reached } from './milestones.ts';
import type { WorkspaceNode } from './nodes.ts';
import { appRows } from './rows.ts';

const day = 86_400_000;
const now = Date.UTC(2026, 10, 24);
const certificate: CertificateFact = {
  thumbprintSha256: 'A'.repeat(64),
  thumbprintSha1: 'A'.repeat(40),
  notBefore: now - 100 * day,
  expires: now + 265 * day,
};
const none: SetupState = { certificates: [] };
const secretApp: AppFacts = {
  file: '/work/app/authConfig.js',
  path: 'app/authConfig.js',
  line: 7,
  credential: 'secret',
  held: [],
  findings: [],
  setup: none,
  proofs: [],
  registration: { status: 'notAsked' },
  inVault: { status: 'notAsked' },
  failures: {},
};
const app: AppFacts = { ...secretApp, credential: 'certificate', certificate, held: [certificate] };
const proof = (at: number, letter = 'A') => ({
  at: new Date(at).toISOString(),
  thumbprintSha256: letter.repeat(64),
  algorithm: 'PS256',
});
const asked = (letters: readonly string[], secrets: number) => ({
  status: 'asked' as const,
  at: now - day,
  value: {
    name: 'Portal',
    certificates: letters.map((letter) => ({ thumbprintSha256: letter.repeat(64), expires: now + 265 * day })),
    secrets: Array.from({ length: secrets }, () => ({})),
  },
});
const journal = {
  certificate: { subject: 'CN=a', thumbprintSha256: 'A'.repeat(64), thumbprintSha1: '', notAfter: '', pem: '' },
  files: { certificate: '/work/app/certs/a.cer' },
  keyFrom: 'file' as const,
  variables: {},
  line: 7,
  roots: ['/work'],
  startedAt: '',
  proofs: [],
};
const stopped: SetupState = { certificates: [], unfinished: { ...journal, state: 'stopped', registered: false } };
const failure = { status: 'failed' as const, at: now, code: 'not-signed-in', message: 'Nobody is signed in.' };

function judged(facts: AppFacts) {
  const thresholds = { days: 30, urgentDays: 7, percent: 90 };
  const [one] = judge([facts], { listed: [], thresholds, now });
  assert.ok(one);
  return one;
}
/** Each step as one mark: done, next, later, problem, not known; and the commands that lead on. */
const marks = { done: '+', next: '>', todo: '-', problem: '!', unknown: '?' } as const;
const stateOf = (facts: AppFacts) =>
  judged(facts)
    .steps.map(({ state }) => marks[state])
    .join('');
const actionsOf = (facts: AppFacts) =>
  judged(facts).steps.flatMap(({ id, action }) => (action === undefined ? [] : [`${id}: ${action.command}`]));

describe('checklist', () => {
  const table: readonly (readonly [string, AppFacts, string, readonly string[]])[] = [
    ['a secret', secretApp, '>----', ['certificate: setUp']],
    [
      'a secret that is known to the app registration as well',
      { ...secretApp, registration: asked([], 1) },
      '>----',
      ['certificate: setUp'],
    ],
    ['a setup that waits for its upload', { ...secretApp, setup: stopped }, '+>---', ['uploaded: upload']],
    [
      'a setup that waits and is registered',
      { ...secretApp, setup: { ...stopped, unfinished: { ...journal, state: 'stopped', registered: true } } },
      '++>--',
      ['rewritten: continueSetup'],
    ],
    [
      'a setup that was interrupted',
      { ...secretApp, setup: { ...stopped, unfinished: { ...journal, state: 'applying', registered: true } } },
      '++!--',
      ['rewritten: continueSetup'],
    ],
    [
      'an undo that was interrupted',
      { ...app, setup: { ...stopped, unfinished: { ...journal, state: 'undoing', registered: true } } },
      '+?!--',
      ['uploaded: refreshWorkspace', 'rewritten: undoSetup'],
    ],
    ['a certificate, nothing asked', app, '+?+>-', ['uploaded: refreshWorkspace', 'proven: prove']],
    [
      'a certificate, nobody signed in',
      { ...app, registration: failure },
      '+?+>-',
      ['uploaded: signIn', 'proven: prove'],
    ],
    [
      'uploaded by the setup',
      { ...app, setup: { certificates: [], applied: { ...journal, registered: true } } },
      '+++>-',
      ['proven: prove'],
    ],
    ['not registered', { ...app, registration: asked(['B'], 0) }, '+!+-+', ['uploaded: upload']],
    ['registered, not proven', { ...app, registration: asked(['A'], 1) }, '+++>-', ['proven: prove']],
    [
      'proven with an earlier certificate only',
      { ...app, registration: asked(['A'], 1), proofs: [proof(now, 'B')] },
      '+++>-',
      ['proven: prove'],
    ],
    ['proven, the secret unknown', { ...app, proofs: [proof(now - 3 * day)] }, '++++>', ['retired: retireSecret']],
    [
      'proven, the secret alive',
      { ...app, proofs: [proof(now - 3 * day)], registration: asked(['A'], 1) },
      '++++!',
      ['retired: retireSecret'],
    ],
    ['all done', { ...app, proofs: [proof(now)], registration: asked(['A'], 0) }, '+++++', []],
    [
      'retired by us, nobody asked since',
      {
        ...app,
        proofs: [proof(now)],
        setup: { certificates: [], applied: { ...journal, registered: true, retired: new Date(now).toISOString() } },
      },
      '+++++',
      [],
    ],
    [
      'expiring',
      {
        ...app,
        certificate: { ...certificate, expires: now + day },
        held: [],
        proofs: [proof(now)],
        registration: asked(['A'], 0),
      },
      '!++++',
      ['certificate: rotate'],
    ],
    ['secret and certificate', { ...app, credential: 'secretAndCertificate' }, '+?!--', ['uploaded: refreshWorkspace']],
    ['no credential at all', { ...secretApp, credential: 'none' }, '>----', []],
    ['an assertion of its own', { ...secretApp, credential: 'assertion' }, '??+??', []],
  ];
  for (const [what, facts, expected, actions] of table) {
    it(what, () => {
      assert.equal(stateOf(facts), expected, JSON.stringify(judged(facts).steps, undefined, 1));
      assert.deepEqual(actionsOf(facts), actions);
    });
  }

  it('hands the public certificate to the upload, and the vault where it is in one', () => {
    const upload = (facts: AppFacts) => judged(facts).steps.find(({ id }) => id === 'uploaded')?.action?.options;
    assert.deepEqual(upload({ ...secretApp, setup: stopped }), {
      config: '/work/app/authConfig.js',
      certificate: { file: '/work/app/certs/a.cer' },
    });
    const vault = { origin: 'https://a.vault.azure.net', certificate: 'web', version: '1'.repeat(32) };
    assert.deepEqual(upload({ ...app, vault, keyFrom: 'keyVault', registration: asked(['B'], 0) }), {
      config: '/work/app/authConfig.js',
      certificate: { vault: vault.origin, name: 'web', version: vault.version },
    });
  });

  it('says the same twice', () => {
    const { joined } = judged(app);
    assert.deepEqual(checklist(app, joined, now), checklist(app, joined, now));
  });
});

describe('rows', () => {
  const flat = (node: WorkspaceNode): WorkspaceNode[] => [node, ...node.children.flatMap(flat)];

  it('have an id of their own each, words for every colour, and a next action where there is one', () => {
    const facts: AppFacts = {
      ...app,
      registration: asked(['A', 'B', 'C'], 1),
      failures: { registration: failure, vault: { ...failure, code: 'vault-unreachable' } },
      vault: { origin: 'https://a.vault.azure.net', certificate: 'web', version: '1'.repeat(32) },
      inVault: {
        status: 'asked',
        at: now,
        value: { newest: { thumbprintSha256: 'D'.repeat(64), version: '2'.repeat(32) } },
      },
      findings: [
        { code: 'secret-in-use', severity: 'warning', message: 'told by the checklist', line: 3 },
        { code: 'msal-node-too-old', severity: 'error', message: 'Too old.', line: 3 },
      ],
    };
    const nodes = flat(appRows(judged(facts), false, now));
    assert.equal(new Set(nodes.map(({ id }) => id)).size, nodes.length);
    for (const { item } of nodes) assert.ok(item.spoken.length > 5, item.label);
    const labels = nodes.map(({ item }) => item.label);
    assert.equal(labels.filter((label) => label.startsWith('Registered without a key')).length, 2);
    assert.ok(labels.includes('The vault has a newer version'));
    assert.ok(labels.includes('Too old.'));
    assert.ok(!labels.includes('told by the checklist'));
    const note = nodes.find(({ kind }) => kind === 'note');
    assert.equal(note?.item.contextValue, 'action.signIn');
    assert.match(note.item.tooltip ?? '', /Nobody is signed in/);
    assert.deepEqual(nodes.find(({ item }) => item.label === 'Too old.')?.item.place, { file: facts.file, line: 3 });
    assert.match(nodes[0]?.item.description ?? '', /^2 need action · 3 of 5 done · certificate$/);
  });

  it('close what is done', () => {
    const done = { ...app, proofs: [proof(now)], registration: asked(['A'], 0) };
    assert.equal(appRows(judged(done), false, now).item.children, 'collapsed');
    assert.equal(appRows(judged(secretApp), true, now).item.label, 'app/authConfig.js:7');
  });
});

describe('milestones', () => {
  const of = (...facts: readonly AppFacts[]) => [...reached(facts.map((one) => judged(one).steps))].sort();

  it('are what some app has reached', () => {
    assert.deepEqual(of(), []);
    assert.deepEqual(of(secretApp), ['appConfigFound']);
    assert.deepEqual(of(secretApp, app), ['appConfigFound', 'certificateMade', 'codeRewritten']);
    assert.equal(of({ ...app, proofs: [proof(now)], registration: asked(['A'], 0) }).length, 6);
  });

  it('count an app that never had a secret only when it is proven', () => {
    assert.ok(!of({ ...app, registration: asked(['A'], 0) }).includes('secretRetired'));
  });

  it('come of results, not of clicks', () => {
    assert.deepEqual(provenBy('prove', { ok: false }), []);
    assert.deepEqual(provenBy('prove', { ok: true }), ['signInProven']);
    assert.deepEqual(provenBy('prove', undefined), []);
    assert.deepEqual(provenBy('retireSecret', { removed: [] }), []);
    assert.deepEqual(provenBy('createInVault', { status: 'inProgress' }), []);
    assert.deepEqual(provenBy('setUp', { registered: true, proven: false }), [
      'certificateMade',
      'certificateUploaded',
    ]);
  });
});
