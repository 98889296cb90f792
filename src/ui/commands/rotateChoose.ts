/** What choosing a new certificate for a rotation takes in this window. */
import path from 'node:path';
import type { AppConfig } from '../../appConfig/types.ts';
import type { CertificateDescription } from '../../certificates/types.ts';
import type { ReplaceableCredential } from '../../setup/index.ts';
import { certificateStep } from '../flows/certificateStep.ts';
import type { CertificateFlow } from '../flows/certificateStep.ts';
import { chooseReplacement } from '../flows/replacement.ts';
import type { ChosenCertificate, SetUpAnswers, SetUpMemory } from '../flows/setUpFlow.ts';
import { defaultSubject } from '../flows/subject.ts';
import type { Services } from '../services.ts';
import type { Step } from '../steps.ts';
import { relative } from './appConfigs.ts';
import { certificateExtensions, completeChoice, packageJsonOf, workspaceFiles } from './certificateFiles.ts';
import { chooseInVault, nameInVault } from './chooseInVault.ts';
import type { Scratch } from './external.ts';
import type { Run } from './run.ts';
import { showCommands } from './showCommands.ts';

/** What a rotation is asked for beyond its options. */
export interface RotationWish {
  readonly title: string;
  /** The ways to a certificate to choose from, whatever the old one is like. Absent: one like the old one is made where it can be. */
  readonly ways?: readonly ChosenCertificate['kind'][];
}

/** Every way to a certificate that there is on this machine. */
export function allWays(): readonly ChosenCertificate['kind'][] {
  const programs = process.platform === 'win32' ? (['openssl', 'powershell'] as const) : (['openssl'] as const);
  return ['selfSigned', ...programs, 'file', 'vault', 'vaultNew'];
}

/**
 * Rejects as `chooseReplacement` does.
 * @param scratch holds what its user makes with the commands that are shown; to be kept until that is opened
 */
export function chooseNewCertificate(
  config: AppConfig,
  { certificate: old }: Pick<ReplaceableCredential, 'certificate'>,
  run: Run<'rotate'>,
  services: Services,
  { title, ways, scratch }: RotationWish & { readonly scratch: Scratch },
): Promise<ChosenCertificate> {
  return chooseReplacement({
    title,
    config,
    old,
    given: run.options.certificate,
    chooses: ways !== undefined,
    questions: run.interactive ? services.questions : undefined,
    defaultDays: services.defaultValidityDays(config.file),
    step: () => stepFor(config, old, run, services, { ways: ways ?? allWays(), scratch }),
  });
}

/** The certificate step of the wizard, with the old subject as the proposal. */
async function stepFor(
  config: AppConfig,
  old: CertificateDescription | undefined,
  run: Run<'rotate'>,
  services: Services,
  { ways, scratch }: { readonly ways: readonly ChosenCertificate['kind'][]; readonly scratch: Scratch },
): Promise<Step<SetUpAnswers>> {
  const packageJson = await packageJsonOf(config, services);
  const subject = old?.subject ?? defaultSubject(packageJson, path.basename(config.appRoot), services.certificates());
  const announce = (secret: string) => {
    run.masker.add(secret);
  };
  const flow: CertificateFlow = {
    memory: services.memory.get<SetUpMemory>('setUp') ?? {},
    ways,
    certificates: () => services.certificates(),
    defaults: () => ({ subject, validityDays: services.defaultValidityDays(config.file) }),
    relative,
    certificateFiles: await workspaceFiles(certificateExtensions),
    openFile: (file, questions, frame) => completeChoice(file, questions, frame, services, announce),
    showCommands: (made, questions, frame) => showCommands(made, questions, frame, services, { scratch, announce }),
    chooseInVault: (questions, frame) => chooseInVault(questions, frame, services),
    nameInVault: (questions, frame, asked) => nameInVault(questions, frame, asked, services),
  };
  return certificateStep(flow);
}
