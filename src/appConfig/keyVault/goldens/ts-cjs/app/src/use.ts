import * as auth from './client';

export const token = async (): Promise<unknown> => auth.client.acquireTokenByClientCredential({ scopes: [] });
