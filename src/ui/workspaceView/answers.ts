/**
 * Answers of app registrations and vaults, kept for the next window, so that the view says offline what was known. Public facts only:
 * names, thumbprints and dates.
 */
import type { Memory } from '../vaultTree/remembered.ts';
import type { AppFacts, Asked, CertificateFact, Failed, LocalFacts, RegistrationFact, VaultFact } from './facts.ts';

export interface Answers {
  of(app: LocalFacts): Pick<AppFacts, 'registration' | 'inVault' | 'failures'>;
  /** A failure never takes the place of an answer of before. */
  keep(app: LocalFacts, registration: Asked<RegistrationFact>, vault: Asked<VaultFact>): void;
  save(): Promise<void>;
}

const key = 'workspaceAnswers';
/** More than any workspace has; what falls out is asked again. */
const mostKept = 100;

interface Kept {
  readonly registrations: Readonly<Record<string, Asked<RegistrationFact>>>;
  readonly vaults: Readonly<Record<string, Asked<VaultFact>>>;
}

export function createAnswers(memory: Memory): Answers {
  const kept = read(memory.get(key));
  const registrations = new Map(Object.entries(kept.registrations));
  const vaults = new Map(Object.entries(kept.vaults));
  // Of this window only: who is signed in, and whether there is a network, changes.
  const failures = new Map<string, Failed>();
  const ofRegistration = ({ clientId, tenant }: LocalFacts) => `app ${clientId ?? ''} ${tenant ?? ''}`.toLowerCase();
  const ofVault = ({ vault }: LocalFacts) =>
    vault === undefined ? '' : `${vault.origin}/${vault.certificate}/${vault.version}`.toLowerCase();
  return {
    of(app) {
      const [registration, vault] = [failures.get(ofRegistration(app)), failures.get(ofVault(app))];
      return {
        registration: registrations.get(ofRegistration(app)) ?? registration ?? { status: 'notAsked' },
        inVault: vaults.get(ofVault(app)) ?? vault ?? { status: 'notAsked' },
        failures: {
          ...(registration === undefined ? {} : { registration }),
          ...(vault === undefined ? {} : { vault }),
        },
      };
    },
    keep(app, registration, vault) {
      put(registrations, failures, ofRegistration(app), registration);
      put(vaults, failures, ofVault(app), vault);
    },
    async save() {
      await memory.update(key, { registrations: newest(registrations), vaults: newest(vaults) });
    },
  };
}

function put<T>(answers: Map<string, Asked<T>>, failures: Map<string, Failed>, name: string, answer: Asked<T>): void {
  if (answer.status === 'notAsked') return;
  if (answer.status === 'failed') {
    failures.set(name, answer);
    return;
  }
  failures.delete(name);
  // Last in the order, so that the oldest fall out first.
  answers.delete(name);
  answers.set(name, answer);
}

const newest = <T>(answers: ReadonlyMap<string, Asked<T>>): Record<string, Asked<T>> =>
  Object.fromEntries([...answers].slice(-mostKept));

/** Written by this or another version: what has not the expected shape is left out. */
function read(value: unknown): Kept {
  const part = <T>(name: string, isFact: (value: unknown) => value is T): Record<string, Asked<T>> => {
    const entries: [string, Asked<T>][] = [];
    const answers = isObject(value) ? value[name] : undefined;
    for (const [each, answer] of Object.entries(isObject(answers) ? answers : {})) {
      if (!isObject(answer) || answer.status !== 'asked' || typeof answer.at !== 'number') continue;
      if (isFact(answer.value)) entries.push([each, { status: 'asked', at: answer.at, value: answer.value }]);
    }
    return Object.fromEntries(entries);
  };
  return { registrations: part('registrations', isRegistration), vaults: part('vaults', isVault) };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isCertificate = (value: unknown): value is CertificateFact =>
  isObject(value) &&
  ['thumbprintSha256', 'thumbprintSha1', 'publicKey', 'name'].every((name) => isTextOr(value[name])) &&
  ['notBefore', 'expires'].every((name) => value[name] === undefined || typeof value[name] === 'number');

const isTextOr = (value: unknown): boolean => value === undefined || typeof value === 'string';

const isRegistration = (value: unknown): value is RegistrationFact =>
  isObject(value) &&
  typeof value.name === 'string' &&
  Array.isArray(value.certificates) &&
  value.certificates.every(isCertificate) &&
  Array.isArray(value.secrets) &&
  value.secrets.every(
    (one) => isObject(one) && isTextOr(one.name) && (one.expires === undefined || typeof one.expires === 'number'),
  );

const isVault = (value: unknown): value is VaultFact =>
  isObject(value) && isCertificate(value.newest) && (value.used === undefined || isCertificate(value.used));
