/** The tools for language models, invoked as a model's host does. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { suite } from './runner.ts';
import { keepSecret } from './secrets.ts';

async function invoke(name: string, input: object): Promise<Record<string, unknown>> {
  const result = await vscode.lm.invokeTool(`client-certificate_${name}`, { input, toolInvocationToken: undefined });
  const text = result.content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join('');
  return JSON.parse(text) as Record<string, unknown>;
}

export const run = suite(() => {
  const workspace = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';

  describe('tools for language models', () => {
    it('describe a certificate file and keep its key', async () => {
      await vscode.commands.executeCommand('clientCertificate.createSelfSigned', {
        subject: 'CN=for a model',
        folder: workspace,
        name: 'model',
        passphrase: 'none',
      });
      const described = await invoke('inspectCertificateFile', { file: 'model.key' });
      assert.equal(described.hasPrivateKey, true);
      assert.ok(!JSON.stringify(described).includes('PRIVATE KEY'));
      assert.equal((await invoke('inspectCertificateFile', { file: 'model.crt' })).subject, 'CN=for a model');
    });

    it('read no file outside of the workspace', async () => {
      const { error } = await invoke('inspectCertificateFile', { file: '../../../etc/ssl/certs/ca-certificates.crt' });
      assert.equal((error as { code: string }).code, 'file-outside-workspace');
    });

    it('check the apps of the workspace and name no secret', async () => {
      const secret = 'only-in-this-suite-8842711';
      keepSecret(secret);
      await writeFile(
        path.join(workspace, 'literal.js'),
        `const { ConfidentialClientApplication } = require('@azure/msal-node');
new ConfidentialClientApplication({ auth: { clientId: 'x', authority: 'https://login.microsoftonline.com/t', clientSecret: '${secret}' } });\n`,
      );
      const answer = await invoke('checkCredential', {});
      const apps = answer.apps as { file: string; findings: { code: string }[] }[];
      assert.ok(apps.length >= 3);
      const literal = apps.find(({ file }) => file === 'literal.js');
      assert.ok(literal?.findings.some(({ code }) => code === 'secret-in-code'));
      assert.ok(!JSON.stringify(answer).includes(secret));
    });

    it('explain an error', async () => {
      const { code, remedies } = await invoke('explainError', {
        text: 'AADSTS700027: Client assertion failed signature validation.',
      });
      assert.equal(code, 'AADSTS700027');
      assert.ok((remedies as string[]).length > 0);
    });
  });
});
