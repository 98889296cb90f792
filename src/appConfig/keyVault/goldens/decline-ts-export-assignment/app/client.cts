import dotenv = require('dotenv');
import msal = require('@azure/msal-node');
dotenv.config();

const client = new msal.ConfidentialClientApplication({
  auth: {
    clientId: process.env.CLIENT_ID!,
    authority: process.env.AUTHORITY!,
    clientSecret: process.env.CLIENT_SECRET!,
  },
});

export = client;
