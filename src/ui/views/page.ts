/** The frame of every webview: no network, no HTML from data, one script and one style of our own. */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

export interface Page {
  readonly title: string;
  /** Files in the page's media folder. */
  readonly style: string;
  readonly script: string;
  /** HTML of our own, without anything from outside in it. */
  readonly body: string;
  readonly bodyClass?: string;
}

/** @param media the page's folder, which must be among the webview's `localResourceRoots` */
export function pageHtml(webview: vscode.Webview, media: vscode.Uri, page: Page): string {
  const nonce = randomBytes(16).toString('base64url');
  const address = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(media, name)).toString();
  return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}';">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${address(page.style)}">
<title>${escapeHtml(page.title)}</title>
</head>
<body class="${page.bodyClass ?? ''}">
${page.body}
<script nonce="${nonce}" src="${address(page.script)}"></script>
</body>
</html>`;
}

/** A certificate's subject is a stranger's text. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
