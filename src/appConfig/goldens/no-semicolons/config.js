import { ConfidentialClientApplication } from '@azure/msal-node'
import express from 'express'

const app = express()

const client = new ConfidentialClientApplication({
  auth: {
    clientId: process.env.CLIENT_ID,
    clientSecret: process.env.CLIENT_SECRET
  }
})

app.locals.client = client
