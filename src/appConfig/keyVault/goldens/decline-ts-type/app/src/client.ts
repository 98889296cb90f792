import { ConfidentialClientApplication } from '@azure/msal-node';

const wrapped = wrap(
  new ConfidentialClientApplication({ auth: { clientId: 'x', clientSecret: process.env.CLIENT_SECRET } }),
);

export async function token(): Promise<unknown> {
  return wrapped.token();
}
