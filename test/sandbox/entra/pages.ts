/** The pages of the sandbox's sign-in. */
import type { Incoming, Reply } from '../http/exchange.ts';
import type { User } from './directory.ts';

export const html = (body: string): Reply => ({
  status: 200,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  text: `<!doctype html><html lang="en"><title>Sandbox sign-in</title><body>${body}</body></html>`,
});

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${String(character.codePointAt(0))};`);

/** Lists the users to sign in as; each link comes back here with the choice. */
export function userPage(incoming: Incoming, users: readonly User[]): Reply {
  const links = users.map(({ id, userPrincipalName }) => {
    const url = new URL(incoming.url);
    url.searchParams.set('sandbox_user', id);
    return `<li><a href="${escaped(url.href)}">${escaped(userPrincipalName)}</a></li>`;
  });
  return html(`<h1>Sign in to the sandbox as</h1><ul>${links.join('')}</ul>`);
}

/** A page that posts the answer to the app by itself. */
export function formPost(target: string, answer: URLSearchParams): Reply {
  const fields = [...answer].map(([name, value]) => `<input type="hidden" name="${name}" value="${escaped(value)}">`);
  return html(
    `<form method="post" action="${escaped(target)}">${fields.join('')}<button>Go on</button></form><script>document.forms[0].submit()</script>`,
  );
}

/** Leads back to where the app wants. */
export function logout(incoming: Incoming): Reply {
  const target = incoming.url.searchParams.get('post_logout_redirect_uri');
  return target === null
    ? html('<p>You are signed out.</p>')
    : { status: 302, headers: { location: target }, text: '' };
}
