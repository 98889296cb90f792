import * as auth from './client';

export const token = async (): Promise<unknown> => { await auth.clientReady; return auth.client.acquireTokenByClientCredential({ scopes: [] }); };
