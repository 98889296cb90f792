/**
 * Three read-only tools for language models. None returns a key, a secret or a token; what they return goes to the model's provider,
 * so it is no more than what the certificate says publicly, the findings on the code, or an explanation.
 */
import path from 'node:path';
import * as vscode from 'vscode';
import { ExpectedError, isExpectedError, throwIfCancelled } from '../../base/errors.ts';
import { createMasker } from '../../base/masking.ts';
import type { LanguageModelToolName } from '../../contributions.ts';
import { explainError } from '../../diagnosis/explain/index.ts';
import { told } from '../../diagnosis/finding.ts';
import { checkHere, gitOf } from '../checks/checking.ts';
import { readWhole } from '../flows/certificateFile.ts';
import type { Services } from '../services.ts';

type Tool = (input: Readonly<Record<string, unknown>>, services: Services, signal: AbortSignal) => Promise<unknown>;

const tools: Readonly<Record<LanguageModelToolName, Tool>> = {
  inspectCertificateFile: async ({ file }, services) => {
    const bytes = await readWhole(fileOfWorkspace(file, services), services.files);
    return services.certificates().inspect(bytes, {
      now: services.setupPorts.clock.now(),
      thresholds: services.vaultTree.thresholds(),
    });
  },

  checkCredential: async (_input, services, signal) => {
    const roots = services.roots();
    const configs = await services.appConfigs().findAppConfigs(roots, services.searched, signal);
    const apps = [];
    for (const config of configs) {
      throwIfCancelled(signal);
      const { findings, certificate } = await checkHere(config, services, () => undefined, gitOf(services));
      apps.push({
        file: vscode.workspace.asRelativePath(config.file),
        line: config.line,
        credential: config.credential,
        msalNode: config.msal.version,
        findings: findings.map(told),
        certificate: certificate && {
          subject: certificate.subject,
          thumbprintSha256: certificate.thumbprintSha256,
          notAfter: certificate.notAfter,
        },
      });
    }
    return { apps };
  },

  explainError: ({ text }) => {
    if (typeof text !== 'string' || text.trim() === '') throw missing('text');
    return Promise.resolve(explainError(text));
  },
};

/** Runs a tool; a failure that was to be expected is its answer, so that the model can go on. */
export async function invokeTool(
  name: LanguageModelToolName,
  input: unknown,
  token: vscode.CancellationToken,
  services: Services,
): Promise<vscode.LanguageModelToolResult> {
  const controller = new AbortController();
  const listener = token.onCancellationRequested(() => controller.abort());
  try {
    const given = typeof input === 'object' && input !== null ? (input as Record<string, unknown>) : {};
    return answer(await tools[name](given, services, controller.signal));
  } catch (error) {
    const masked = createMasker().error(error instanceof Error ? error : new Error(String(error)));
    if (isExpectedError(masked)) return answer({ error: { code: masked.code, message: masked.message } });
    throw masked;
  } finally {
    listener.dispose();
  }
}

function answer(value: unknown): vscode.LanguageModelToolResult {
  const text = createMasker().text(JSON.stringify(value, undefined, 1));
  return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
}

/** A model may name any file; it gets to know those of the workspace. */
function fileOfWorkspace(file: unknown, services: Services): string {
  if (typeof file !== 'string' || file === '') throw missing('file');
  const roots = services.roots();
  const candidates = path.isAbsolute(file) ? [path.normalize(file)] : roots.map((root) => path.resolve(root, file));
  const inside = candidates.find((candidate) =>
    roots.some((root) => {
      const relative = path.relative(root, candidate);
      return relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
    }),
  );
  if (inside !== undefined) return inside;
  throw new ExpectedError(
    'file-outside-workspace',
    vscode.l10n.t(
      'The file {0} was not read because it lies outside of the workspace. Name a file of the workspace.',
      file,
    ),
  );
}

function missing(name: string): ExpectedError {
  return new ExpectedError(
    'invalid-options',
    vscode.l10n.t('The input "{0}" is missing. Give it as a text that is not empty.', name),
  );
}
