/** Pages of 25 with an opaque, absolute nextLink. */
import type { Reply } from '../http/exchange.ts';
import type { VaultContext } from './context.ts';
import { vaultErrors } from './errors.ts';

const largest = 25;

/** One page of the items in their order; `path` is the list's address without the query. Throws VaultError 400. */
export function page<T>(context: VaultContext, path: string, all: readonly T[], show: (one: T) => unknown): Reply {
  const query = context.incoming.url.searchParams;
  const wanted = query.get('maxresults');
  const size = wanted === null ? largest : Number(wanted);
  if (!Number.isInteger(size) || size < 1 || size > largest) {
    throw vaultErrors.badParameter(
      `Invalid value for parameter maxresults: ${wanted ?? ''}. It must be between 1 and 25.`,
    );
  }
  const start = startOf(query.get('$skiptoken'));
  // The general rule of Azure's lists: a page may be short or empty and still have a next one.
  const ragged = context.vault.behaviour.raggedPages === true;
  const count = ragged ? ([size, 0, Math.ceil(size / 3)][start.page % 3] ?? size) : size;
  const end = start.offset + count;
  const link = new URL(`${context.base}${path}`);
  const next =
    `${link.href}?api-version=${query.get('api-version') ?? ''}` +
    `&$skiptoken=${tokenOf({ offset: end, page: start.page + 1 })}&maxresults=${size}` +
    (query.get('includePending') === 'true' ? '&includePending=true' : '');
  return {
    status: 200,
    json: { value: all.slice(start.offset, end).map(show), nextLink: end < all.length ? next : null },
  };
}

interface Start {
  readonly offset: number;
  readonly page: number;
}

const tokenOf = (start: Start): string =>
  Buffer.from(`2!${start.offset.toString(16).padStart(8, '0')}!${start.page.toString(16)}!continue`).toString(
    'base64url',
  );

function startOf(token: string | null): Start {
  if (token === null) return { offset: 0, page: 0 };
  const match = /^2!([0-9a-f]{8})!([0-9a-f]+)!continue$/.exec(Buffer.from(token, 'base64url').toString('latin1'));
  if (match === null) throw vaultErrors.badParameter('The skiptoken is invalid.');
  return { offset: parseInt(match[1] ?? '0', 16), page: parseInt(match[2] ?? '0', 16) };
}
