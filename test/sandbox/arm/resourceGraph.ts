/** Resource Graph: the few words of its query language that searching for vaults needs. */
import type { TokenClaims } from '../entra/tokens.ts';
import { jsonBody, number, record, text, texts } from '../http/exchange.ts';
import type { Incoming, Reply } from '../http/exchange.ts';
import { ArmError, vaultJson } from './arm.ts';
import type { ArmOptions } from './arm.ts';

type Row = Record<string, unknown>;

/**
 * POST /providers/Microsoft.ResourceGraph/resources: `resources | where … | project … | order by …`. It knows `where`
 * with `=~`, `==`, `!=`, `in~` and `contains` on columns and on paths into `properties`, `project` with renaming, and `order by`.
 * Throws ArmError 400 for anything else, so that a query which the sandbox does not understand is not taken for an empty answer.
 */
export function queryResources(incoming: Incoming, claims: TokenClaims, options: ArmOptions): Reply {
  const body = jsonBody(incoming) ?? {};
  const query = text(body.query);
  if (query === undefined) throw bad('The query is missing.');
  const wanted = texts(body.subscriptions).map((id) => id.toLowerCase());
  const own = options.state.subscriptions.filter(
    ({ id, tenantId }) =>
      tenantId === claims.tid && (wanted.length === 0 || wanted.includes(id)) && !options.closedSubscriptions.has(id),
  );
  const all = options.state.vaults
    .filter(({ subscriptionId }) => own.some(({ id }) => id === subscriptionId))
    .map((vault): Row => {
      const { resourceGroup, subscriptionId, tenantId } = vault;
      const json = vaultJson(vault, options);
      return { ...json, type: 'microsoft.keyvault/vaults', kind: '', resourceGroup, subscriptionId, tenantId };
    });
  const rows = runQuery(query, all);
  const settings = record(body.options);
  const top = Math.min(number(settings.$top) ?? 1000, 1000);
  const token = text(settings.$skipToken);
  const start =
    token === undefined ? 0 : Number(Buffer.from(token, 'base64url').toString('latin1').split(':')[1] ?? 'x');
  if (Number.isNaN(start)) throw bad('The skip token is invalid.');
  const data = rows.slice(start, start + top);
  const more = start + top < rows.length;
  return {
    status: 200,
    headers: { 'x-ms-user-quota-remaining': '14', 'x-ms-user-quota-resets-after': '00:00:05' },
    json: {
      totalRecords: rows.length,
      count: data.length,
      data,
      facets: [],
      resultTruncated: 'false',
      ...(more ? { $skipToken: Buffer.from(`ew:${start + top}`).toString('base64url') } : {}),
    },
  };
}

const bad = (message: string): ArmError => new ArmError(400, 'BadRequest', message);

function runQuery(query: string, all: readonly Row[]): Row[] {
  const [table = '', ...steps] = query.split('|').map((part) => part.trim());
  if (!/^resources$/i.test(table)) throw bad(`The table '${table}' is not known.`);
  let rows = [...all];
  for (const step of steps) {
    const word = /^\S*/.exec(step)?.[0] ?? '';
    const rest = step.slice(word.length).trim();
    if (word === 'where') rows = rows.filter(conditions(rest));
    else if (word === 'project') rows = rows.map(projection(rest));
    else if (word === 'order' || word === 'sort') rows = sorted(rows, rest);
    else throw bad(`The operator '${word}' is not known.`);
  }
  return rows;
}

function conditions(expression: string): (row: Row) => boolean {
  const tests = expression.split(/\s+and\s+/i).map((part) => {
    const list = /^([\w.]+)\s+in~?\s*\(([^)]*)\)$/.exec(part.trim());
    if (list !== null) {
      const values = (list[2] ?? '').split(',').map((value) => value.trim().slice(1, -1).toLowerCase());
      return (row: Row) => values.includes(valueAt(row, list[1] ?? '').toLowerCase());
    }
    const match = /^([\w.]+)\s*(=~|==|!=|!~|contains)\s*['"]([^'"]*)['"]$/.exec(part.trim());
    if (match === null) throw bad(`The condition '${part}' is not understood.`);
    const [, path = '', operator = '', value = ''] = match;
    return (row: Row): boolean => {
      const left = valueAt(row, path);
      if (operator === '==') return left === value;
      if (operator === '!=') return left !== value;
      if (operator === 'contains') return left.toLowerCase().includes(value.toLowerCase());
      return (left.toLowerCase() === value.toLowerCase()) === (operator === '=~');
    };
  });
  return (row) => tests.every((test) => test(row));
}

function projection(expression: string): (row: Row) => Row {
  const columns = expression.split(',').map((part) => {
    const match = /^(?:(\w+)\s*=\s*)?(?:tostring\()?([\w.]+)\)?$/.exec(part.trim());
    if (match === null) throw bad(`The column '${part}' is not understood.`);
    const path = match[2] ?? '';
    return { name: match[1] ?? path.replaceAll('.', '_'), path };
  });
  return (row) => Object.fromEntries(columns.map(({ name, path }) => [name, rawAt(row, path) ?? null]));
}

function sorted(rows: readonly Row[], expression: string): Row[] {
  const path = /^by\s+([\w.]+)/.exec(expression)?.[1];
  if (path === undefined) throw bad(`The order '${expression}' is not understood.`);
  const sign = /\bdesc\b/.test(expression) ? -1 : 1;
  return rows.toSorted((one, other) => sign * valueAt(one, path).localeCompare(valueAt(other, path)));
}

const rawAt = (row: Row, path: string): unknown =>
  path.split('.').reduce<unknown>((value, part) => record(value)[part], row);

function valueAt(row: Row, path: string): string {
  const value = rawAt(row, path);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
