import { client } from '../src/client.js'

try {
  const result = await client.acquireTokenByClientCredential({ scopes: ['https://graph.microsoft.com/.default'] })
  console.log(`Token obtained, valid until ${result.expiresOn.toISOString()}`)
} catch (error) {
  console.error(`${error.errorCode}: ${error.message}`)
  process.exitCode = 1
}
