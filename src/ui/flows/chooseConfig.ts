/** The question which app a command is about, where several use a certificate. Knows no editor. */
import * as l10n from '@vscode/l10n';
import type { AppConfig } from '../../appConfig/types.ts';
import { CancelledError } from '../../base/errors.ts';
import { back } from '../questions.ts';
import type { Questions } from '../questions.ts';
import { configChoice } from './setUpFlow.ts';

/**
 * One that uses a certificate; asked only where several do. Rejects with CancelledError.
 * @param title of the command that asks
 * @param relative a path as the user knows it
 */
export async function chooseConfig(
  configs: readonly AppConfig[],
  title: string,
  questions: Pick<Questions, 'pick'>,
  relative: (file: string) => string,
): Promise<AppConfig> {
  const withCertificate = configs.filter(({ credential }) => credential !== 'secret' && credential !== 'none');
  const candidates = withCertificate.length > 0 ? withCertificate : configs;
  const [only] = candidates;
  if (only === undefined) throw new CancelledError();
  if (candidates.length === 1) return only;
  const chosen = await questions.pick({
    title,
    placeholder: l10n.t('Which app is meant?'),
    choices: candidates.map((config) => configChoice(config, relative)),
  });
  if (chosen === back) throw new CancelledError();
  return chosen;
}
