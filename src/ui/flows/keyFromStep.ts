/** The question how the app gets its private key. Knows no editor. */
import * as l10n from '@vscode/l10n';
import type { AppConfig } from '../../appConfig/types.ts';
import { isExpectedError } from '../../base/errors.ts';
import type { ExpectedError } from '../../base/errors.ts';
import type { KeyFromArgument } from '../automation.ts';
import { back } from '../questions.ts';
import type { Back, Choice, Help, Questions } from '../questions.ts';
import type { Step, StepFrame } from '../steps.ts';
import { certificateOfVault } from './certificateStep.ts';
import { isInVault } from './inVault.ts';
import type { ChosenInVault } from './inVault.ts';
import { adviseKeyFrom } from './keyFromAdvice.ts';
import type { Advice, RunPlace } from './keyFromAdvice.ts';
import { comparison, keyFromKinds, kindTexts } from './keyFromKinds.ts';
import type { ChosenCertificate, SetUpAnswers, SetUpFlow } from './setUpFlow.ts';

/** What the step has to know of the app. */
export interface KeyFromFlow {
  /** Where the app seems to run; undefined where nothing tells. Absent where that does not matter. */
  readonly runPlace?: (config: AppConfig) => Promise<RunPlace | undefined>;
  /** Shows the ways compared, beside the question. Absent: no button offers that. */
  readonly compare?: (report: ReturnType<typeof comparison>) => void;
}

/** Why it cannot be in one of the ways; a code where the app is the reason. */
type Reasons = ReadonlyMap<KeyFromArgument, { readonly message: string; readonly code?: string }>;

/**
 * Offers all ways, the recommended one first. One that cannot work says why, beside its name and above the list when it is chosen. A way
 * through a vault for a certificate that is in none asks for one in a vault.
 */
export function keyFromStep(flow: SetUpFlow): Step<SetUpAnswers> {
  return {
    id: 'keyFrom',
    needed: (answers) => answers.keyFrom === undefined,
    ask: async (questions, frame, { certificate, config }, before) => {
      const inVault = isInVault(certificate);
      const declined =
        config === undefined ? new Map<KeyFromArgument, ExpectedError>() : await declinedBy(flow, config);
      const place = config === undefined ? undefined : await flow.runPlace?.(config);
      const cannot = withoutVaultWays(flow, inVault, declined);
      const [first] = declined.values();
      // Nothing can be chosen: why is told now and not after the other questions.
      if (cannot.size === keyFromKinds.length && first !== undefined) throw first;
      const advice = adviseKeyFrom({ place, inVault, works: (kind) => !cannot.has(kind) });
      const choices = choicesFor(inVault, advice, cannot);
      const last = inVault ? flow.memory.vaultKeyFrom : flow.memory.keyFrom;
      let active = before?.keyFrom ?? (last !== undefined && !cannot.has(last) ? last : advice.keyFrom);
      let problem: string | undefined;
      for (;;) {
        const keyFrom = await questions.pick<KeyFromArgument>({
          ...frame,
          placeholder: l10n.t('How does the app get its private key?'),
          ...(problem === undefined ? {} : { prompt: problem }),
          choices,
          active: Math.max(
            choices.findIndex(({ value }) => value === active),
            0,
          ),
          ...(flow.compare === undefined ? {} : { help: helpWith(flow.compare, advice, cannot) }),
        });
        if (keyFrom === back) return back;
        active = keyFrom;
        problem = cannot.get(keyFrom)?.message;
        if (problem !== undefined) continue;
        try {
          const answer = await answerWith(keyFrom, { flow, certificate, config, questions, frame });
          if (answer !== back) return answer;
        } catch (error) {
          if (!isExpectedError(error)) throw error;
          problem = error.message;
        }
      }
    },
  };
}

const helpWith = (compare: Required<KeyFromFlow>['compare'], advice: Advice, cannot: Reasons): Help => ({
  label: l10n.t('Compare the Four Ways'),
  show: () => {
    compare(comparison(notesOn(advice, cannot)));
  },
});

/** The ways in which this app cannot get its key, each with the reason. */
async function declinedBy(flow: SetUpFlow, config: AppConfig): Promise<ReadonlyMap<KeyFromArgument, ExpectedError>> {
  const declined = new Map<KeyFromArgument, ExpectedError>();
  for (const kind of keyFromKinds) {
    try {
      await flow.checkApp(config, kind);
    } catch (error) {
      if (!isExpectedError(error)) throw error;
      declined.set(kind, error);
    }
  }
  return declined;
}

interface Chosen {
  readonly flow: SetUpFlow;
  readonly certificate: ChosenCertificate | undefined;
  readonly config: AppConfig | undefined;
  readonly questions: Questions;
  readonly frame: StepFrame;
}

/** Rejects with an ExpectedError that says why it cannot be this way, or why nobody could be signed in. */
async function answerWith(
  keyFrom: KeyFromArgument,
  { flow, certificate, config, questions, frame }: Chosen,
): Promise<Partial<SetUpAnswers> | Back> {
  if (isInVault(certificate)) {
    await flow.checkInVault(certificate, keyFrom, config);
    return { keyFrom };
  }
  if (!isOfVault(keyFrom)) return { keyFrom };
  const chosen: ChosenInVault | Back = await certificateOfVault(
    flow,
    questions,
    frame,
    subjectFor(flow, certificate, config),
  );
  if (chosen === back) return back;
  await flow.checkInVault(chosen, keyFrom, config);
  return { keyFrom, certificate: chosen };
}

const isOfVault = (keyFrom: KeyFromArgument): boolean => keyFrom === 'keyVault' || keyFrom === 'keyVaultSign';

/** What the certificate was to be made out to. */
function subjectFor(
  flow: SetUpFlow,
  certificate: ChosenCertificate | undefined,
  config: AppConfig | undefined,
): string {
  const typed = certificate !== undefined && 'subject' in certificate ? certificate.subject : undefined;
  return typed ?? (config === undefined ? 'client-certificate' : flow.defaults(config).subject);
}

/** A certificate that the caller gave, or that may not come from a vault, stays outside of it. */
function withoutVaultWays(flow: SetUpFlow, inVault: boolean, declined: Reasons): Reasons {
  const mayChange = flow.certificateGiven !== true && flow.ways.some((way) => way === 'vault' || way === 'vaultNew');
  if (inVault || mayChange) return declined;
  const message = l10n.t(
    'Key Vault can serve the app only with a certificate that it has, and the chosen one is outside. "Import Certificate into Vault" brings it there; then use it from there in the app.',
  );
  return new Map([...keyFromKinds.filter(isOfVault).map((kind) => [kind, { message }] as const), ...declined]);
}

function choicesFor(inVault: boolean, advice: Advice, cannot: Reasons): Choice<KeyFromArgument>[] {
  const choice = (value: KeyFromArgument): Choice<KeyFromArgument> => {
    const { label, icon, inShort } = kindTexts[value];
    const reason = cannot.get(value);
    return {
      value,
      label: label(),
      description: describe(value, inVault, advice, cannot),
      detail: reason !== undefined && !tooOld(reason) ? reason.message : inShort(),
      icon: reason === undefined ? icon : 'circle-slash',
      // A line between the two pairs; a heading in it would cut the row off.
      ...(isOfVault(value) === isOfVault(advice.keyFrom) ? {} : { group: '' }),
    };
  };
  const rank = (kind: KeyFromArgument): number =>
    (isOfVault(kind) === isOfVault(advice.keyFrom) ? 0 : 4) +
    (cannot.has(kind) ? 2 : 0) +
    (kind === advice.keyFrom ? 0 : 1);
  return [...keyFromKinds].sort((a, b) => rank(a) - rank(b)).map(choice);
}

const tooOld = ({ code }: { readonly code?: string }): boolean => code === 'msal-node-too-old';

function describe(kind: KeyFromArgument, inVault: boolean, advice: Advice, cannot: Reasons): string {
  const reason = cannot.get(kind);
  const { use, useFetched = use } = kindTexts[kind];
  if (reason === undefined) {
    if (kind === advice.keyFrom) return advice.why;
    return inVault ? useFetched() : use();
  }
  return tooOld(reason) ? l10n.t('needs @azure/msal-node 2.8.1 or later') : l10n.t('not for this app');
}

/** What the comparison says of this app. */
function notesOn(advice: Advice, cannot: Reasons): Parameters<typeof comparison>[0] {
  const why = advice.why.charAt(0).toLocaleUpperCase() + advice.why.slice(1);
  const notes = new Map([[advice.keyFrom, { text: why, works: true }]]);
  for (const [kind, { message }] of cannot) notes.set(kind, { text: message, works: false });
  return notes;
}
