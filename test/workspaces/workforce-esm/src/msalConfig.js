import 'dotenv/config'

export const msalConfig = {
  auth: {
    clientId: process.env.CLIENT_ID,
    authority: process.env.CLOUD_INSTANCE + process.env.TENANT_ID,
    knownAuthorities: process.env.KNOWN_AUTHORITY ? [process.env.KNOWN_AUTHORITY] : [],
    clientSecret: process.env.CLIENT_SECRET
  }
}

export const redirectUri = `http://localhost:${process.env.PORT ?? 3000}/signed-in`
