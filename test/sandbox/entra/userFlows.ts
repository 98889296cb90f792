/** What the token endpoint asks of the part that signs users in. */
import type { Incoming, Reply } from '../http/exchange.ts';
import type { Tenant } from './directory.ts';

export interface UserFlows {
  /** `oauth2/v2.0/authorize`, `devicecode` and the pages behind them; undefined when the place is not known. */
  route(incoming: Incoming, tenant: Tenant, place: string): Reply | undefined;
  /** The grants `authorization_code`, `refresh_token` and the device code's; undefined for any other. */
  token(form: URLSearchParams, tenant: Tenant, incoming: Incoming): Reply | undefined;
}
