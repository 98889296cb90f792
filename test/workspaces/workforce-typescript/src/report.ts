import { client } from './auth';

async function main(): Promise<void> {
  const result = await client.acquireTokenByClientCredential({ scopes: ['https://graph.microsoft.com/.default'] });
  console.log(`Token obtained, valid until ${result?.expiresOn?.toISOString() ?? 'unknown'}`);
}

main().catch((error: unknown) => {
  const { errorCode, message } = error as { errorCode?: string; message: string };
  console.error(`${errorCode ?? 'error'}: ${message}`);
  process.exitCode = 1;
});
