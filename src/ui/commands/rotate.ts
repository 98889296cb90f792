/** Rotate Certificate: a new one beside the old one, uploaded and proven before the old one may go. */
import path from 'node:path';
import * as vscode from 'vscode';
import { ExpectedError } from '../../base/errors.ts';
import type { AppConfig, KeyFrom } from '../../appConfig/types.ts';
import { countsOnCertificate, readAppCredential, setupOf } from '../../setup/index.ts';
import type { AppCredential, AppliedSetup, SetupChoices } from '../../setup/index.ts';
import type { RotateOptions, RotateResult } from '../automation/proof.ts';
import { chooseConfig } from '../flows/chooseConfig.ts';
import type { ChosenCertificate } from '../flows/setUpFlow.ts';
import { provingTools } from '../registering/provingTools.ts';
import { registrationWay } from '../registering/registrationWay.ts';
import { usedVault } from '../registering/vaultIdentity.ts';
import type { Services } from '../services.ts';
import { candidateConfigs, relative, rootsFor } from './appConfigs.ts';
import { rotateInVault } from './rotateInVault.ts';
import type { Checked, Command, Run } from './run.ts';
import { rotateSchema } from './schemas.ts';
import { planReviewApply } from './setUpApply.ts';
import { createMaterials } from './setUpMaterial.ts';

export const rotate: Command<'rotate'> = {
  schema: rotateSchema,
  changes: true,
  fromFile: (file) => ({ config: file }),
  async run(run, services) {
    const { options } = run;
    const title = vscode.l10n.t('Rotate Certificate');
    const config = await chooseConfig(
      await candidateConfigs(options.config, options.line, services),
      title,
      services.questions,
      relative,
    );
    const setup = await setupOf(config.file, services.setupPorts);
    const way = await registrationWay(
      config,
      { interactive: run.interactive, ...(options.tenant === undefined ? {} : { tenant: options.tenant }) },
      services,
    );
    const used = await usedVault(config, services);
    if (used !== undefined)
      return rotateInVault({ config, used, ...(setup === undefined ? {} : { setup }) }, run, services, way);
    const { credential, keyFrom } = await currentCredential(config, run, services, setup);
    const certificate = chosenCertificate(options, credential, config);
    const setUpRun = run as unknown as Run<'setUp'>;
    const made = await createMaterials(setUpRun, services).make(certificate, keyFrom, config);
    const { keyFile } = config.certificate ?? {};
    const old = replacedBy(credential);
    const choices: SetupChoices = {
      config,
      material: made.material,
      keyFrom,
      passphrase: keyFrom === 'file' ? (credential.passphrase ?? 'none') : 'none',
      roots: rootsFor(config, services),
      ...(keyFile === undefined
        ? { folder: services.certificateFolder(config.appRoot) }
        : { folder: path.dirname(keyFile), name: path.basename(keyFile, path.extname(keyFile)) }),
      register: way.register,
      rotates: old,
    };
    let isApplied = false;
    const applying = {
      ...(made.notice === undefined ? {} : { notice: made.notice }),
      onApplied: () => {
        isApplied = true;
      },
    };
    const outcome = await planReviewApply(choices, setUpRun, services, way, applying).catch(async (error: unknown) => {
      // A certificate that was made in a vault for this rotation goes again, unless the app has it already.
      const { thumbprintSha256 } = made.material.description;
      if (!isApplied && !(await countsOnCertificate(config.file, thumbprintSha256, services.setupPorts)))
        await made.takeBack?.();
      throw error;
    });
    if (outcome.status === 'nothing-to-do') throw nothing(config, outcome.reason);
    return { ...outcome.result, replaced: old } satisfies RotateResult;
  },
};

function replacedBy({ configured, thumbprintProperty, certificate }: AppCredential): RotateResult['replaced'] {
  const { thumbprintSha256, thumbprintSha1 } = certificate ?? {};
  return {
    ...(thumbprintSha256 === undefined ? {} : { thumbprintSha256 }),
    ...(thumbprintSha1 === undefined ? {} : { thumbprintSha1 }),
    [thumbprintProperty === 'thumbprint' ? 'thumbprintSha1' : 'thumbprintSha256']: configured,
  };
}

/** The credential as the app has it now: an app that cannot sign in is repaired, not rotated. */
async function currentCredential(
  config: AppConfig,
  run: Run<'rotate'>,
  services: Services,
  setup: AppliedSetup | undefined,
): Promise<{ readonly credential: AppCredential; readonly keyFrom: KeyFrom }> {
  const tools = provingTools(services, run.masker, run.interactive);
  const known = setup === undefined || setup.certificate.pem === '' ? [] : [Buffer.from(setup.certificate.pem)];
  const read = await readAppCredential(config, tools, known);
  if (read.status === 'broken') {
    const expiry = read.findings.every(({ code }) => code === 'expired' || code === 'not-yet-valid');
    const [first] = read.findings;
    throw new ExpectedError(
      expiry ? 'certificate-expired' : (first?.code ?? 'unknown'),
      expiry
        ? vscode.l10n.t(
            'The certificate of {0} has expired, so nothing can be learned from it. Set up a new one: give it as option "certificate".',
            config.file,
          )
        : (first?.message ?? ''),
      { file: config.file, line: config.line },
    );
  }
  return { credential: read.credential, keyFrom: config.certificate?.keyFile === undefined ? 'environment' : 'file' };
}

/** The one that was given, else one like the old one. */
function chosenCertificate(
  options: Checked<RotateOptions>,
  { certificate }: AppCredential,
  config: AppConfig,
): ChosenCertificate {
  if (options.certificate !== undefined) return options.certificate;
  if (certificate?.selfSigned !== true) {
    throw new ExpectedError(
      'certificate-needed',
      vscode.l10n.t(
        'The certificate of {0} was issued by a certificate authority, or was not found beside its key, so it cannot be made anew here. Get a new one ("Create Certificate Signing Request"), then give it as option "certificate".',
        config.file,
      ),
      { file: config.file, line: config.line },
    );
  }
  const { subject = '', notBefore = '', notAfter = '', keySize } = certificate;
  const days = Math.round((Date.parse(notAfter) - Date.parse(notBefore)) / 86_400_000);
  return {
    kind: 'selfSigned',
    subject,
    validityDays: Math.min(3650, Math.max(1, days)),
    keySize: keySize === 3072 || keySize === 4096 ? keySize : 2048,
  };
}

export function nothing(config: AppConfig, reason: string): ExpectedError {
  return new ExpectedError(
    'nothing-to-rotate',
    vscode.l10n.t('Nothing in {0} has to change. {1}', config.file, reason),
    { file: config.file, line: config.line },
  );
}
