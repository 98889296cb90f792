/** Asks for the file that a command works on. */
import { CancelledError } from '../../base/errors.ts';
import { back } from '../questions.ts';
import type { Services } from '../services.ts';
import { workspaceFiles } from './certificateFiles.ts';

/** An absolute path; the given one where there is one. */
export async function askFile(
  given: string | undefined,
  question: { readonly title: string; readonly placeholder: string; readonly extensions: readonly string[] },
  services: Services,
): Promise<string> {
  if (given !== undefined) return given;
  const candidates = await workspaceFiles(question.extensions);
  const answer = await services.questions.file({ ...question, candidates, kind: 'file' });
  if (answer === back) throw new CancelledError();
  return answer;
}
