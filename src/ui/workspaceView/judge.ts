/** From facts to the checklist of every app. Pure. */
import type { Thresholds } from '../vaultTree/states.ts';
import { checklist, provenAt } from './checklist.ts';
import type { AppFacts, CertificateFact, LocalFacts } from './facts.ts';
import { join } from './join.ts';
import type { JudgedApp } from './rows.ts';

export interface Judging {
  /** Certificates of listed vaults: their keys are accounted for. */
  readonly listed: readonly CertificateFact[];
  readonly thresholds: Thresholds;
  /** Ms since the epoch. */
  readonly now: number;
}

/** What was asked, together with what is known here: the vault tells which certificate an app uses that follows it. */
export function withAnswers(
  local: LocalFacts,
  { registration, inVault, failures }: Pick<AppFacts, 'registration' | 'inVault' | 'failures'>,
): AppFacts {
  const used = inVault.status === 'asked' ? inVault.value.used : undefined;
  return { ...local, ...(used === undefined ? {} : { certificate: used }), registration, inVault, failures };
}

export function judge(apps: readonly AppFacts[], { listed, thresholds, now }: Judging): JudgedApp[] {
  const named = apps.flatMap(({ certificate }) => (certificate === undefined ? [] : [certificate]));
  const held = [...apps.flatMap((app) => app.held), ...named, ...listed];
  return apps.map((app) => {
    const { certificate, vault, registration, inVault } = app;
    const proven = provenAt(app);
    const joined = join({
      ...(certificate === undefined ? {} : { code: certificate }),
      followsVault: vault?.version === 'latest',
      usesVault: vault !== undefined,
      held,
      ...(registration.status === 'asked' ? { registration: { ...registration.value, at: registration.at } } : {}),
      ...(inVault.status === 'asked' ? { vault: inVault.value } : {}),
      ...(proven === undefined ? {} : { provenAt: proven }),
      thresholds,
      now,
    });
    return { app, joined, steps: checklist(app, joined, now) };
  });
}
